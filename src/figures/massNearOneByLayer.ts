import { defaultMasses } from "../../probes/floors/measure-defaults.ts";
import type { ComparedFit } from "../comparison/comparison.ts";
import type { NamedFamily } from "../laws/families.ts";
import type { MetricRow } from "../run/metrics.ts";
import type { RunData } from "../run/run-data.ts";
import { percent } from "../words/format-number.ts";
import { layerChannel, linesByLayer } from "./parts/by-layer.ts";
import { familyRows } from "./parts/family-rows.ts";
import { layerStatistics } from "./parts/layer-statistics.ts";
import { hasPredictions, type Series, seriesIn } from "./parts/series.ts";
import type { Figure, FigureSpec, PanelSpec } from "./parts/spec.ts";
import { framed, hiddenUnless } from "./parts/theme.ts";

/** Share of token pairs whose inner product exceeds the threshold, for one curve at one layer, 0 … 1. */
export interface MassNearOneRow {
  readonly layer: number;
  readonly series: string;
  /** As in the name of the measure: "0.9". */
  readonly threshold: string;
  readonly value: number;
}

/** Rows of {@link massNearOneByLayer}: observed from the measures, predicted by each family from the fit where there is one. */
export function massNearOneRows(metrics: readonly MetricRow[], fit: ComparedFit | null): readonly MassNearOneRow[] {
  return defaultMasses.map(String).flatMap((threshold) => [
    ...layerStatistics(metrics, `mass_${threshold}`).map(({ layer, value }) => ({
      layer,
      series: "observed" as const,
      threshold,
      value,
    })),
    ...familyRows(fit, (family) => massOf(family.mass, threshold)).map((row) => ({ ...row, threshold })),
  ]);
}

/** Fits name thresholds "0.9" or "mass_0.9"; both are understood. */
function massOf(mass: Readonly<Record<string, readonly number[]>>, threshold: string): readonly number[] | undefined {
  return mass[threshold] ?? mass[`mass_${threshold}`];
}

const WIDTH = 226;

export const massNearOneFigure: Figure<RunData> = {
  name: "massNearOneByLayer",
  title: () => "Pairs that nearly coincide",
  caption: ({ fit }) =>
    `The share of token pairs whose cosine exceeds .9, .99 and .999. Isotropic points have next to none.${fit ? " Solid as observed, dashed as predicted; frozen keeps the share of the first layer." : ""}`,
  draw: ({ metrics, fit }, { about }) =>
    metrics.some(({ measure }) => measure === "mass_0.9")
      ? massNearOneByLayer(massNearOneRows(metrics, fit), about, fit?.families)
      : null,
};

/** Share of pairs with ⟨x_i, x_j⟩ above .9, .99 and .999 against depth, observed solid and predicted dashed. */
export function massNearOneByLayer(
  rows: readonly MassNearOneRow[],
  about = "",
  families: readonly NamedFamily[] = [],
): FigureSpec {
  const thresholds = [...new Set(rows.map((row) => row.threshold))];
  const series = seriesIn(rows, families);
  const top = 1.04 * Math.max(0.01, ...rows.map((row) => row.value));
  const predicted = hasPredictions(series);
  const what = `share of token pairs above each threshold${predicted ? ", observed (solid) and predicted (dashed)" : ""}`;
  const frame = {
    title: titleOf(rows),
    subtitle: [what, about].filter(Boolean).join("; "),
    description: `Line charts of the share of token pairs with cosine above .9, .99 and .999 by layer, observed${predicted ? " and predicted" : ""}.`,
  };
  const concat = thresholds.map((threshold, k) => panel(rows, threshold, { series, top, first: k === 0 }));
  return framed(frame, { spacing: 22, bounds: "flush", concat });
}

function titleOf(rows: readonly MassNearOneRow[]): string {
  const last = rows.filter((row) => row.series === "observed" && row.threshold === "0.9").at(-1);
  if (!last) return "Mass near 1";
  return `${percent(last.value)} of pairs have a cosine above 0.9 at layer ${last.layer}`;
}

interface PanelStyle {
  readonly series: readonly Series[];
  readonly top: number;
  readonly first: boolean;
}

function panel(all: readonly MassNearOneRow[], threshold: string, { series, top, first }: PanelStyle): PanelSpec {
  const rows = all.filter((row) => row.threshold === threshold);
  const title = first ? "share of pairs" : null;
  const axis = { ...hiddenUnless(first), tickCount: 5, format: "~%" };
  return {
    title: { text: `cosine > ${threshold}`, frame: "group", fontSize: 12, offset: 5 },
    width: WIDTH,
    height: 200,
    encoding: {
      x: layerChannel(
        rows.map((row) => row.layer),
        WIDTH,
      ),
      y: { field: "value", type: "quantitative", title, scale: { domain: [0, top], nice: false }, axis },
    },
    layer: linesByLayer(rows, series),
  } as PanelSpec;
}
