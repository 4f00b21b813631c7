import type { MetricRow } from "../run/metrics.ts";
import type { RunData } from "../run/run-data.ts";
import { layerChannel, linesByLayer } from "./parts/by-layer.ts";
import { courseInWords } from "./parts/course-in-words.ts";
import { layerStatistics } from "./parts/layer-statistics.ts";
import { seriesIn } from "./parts/series.ts";
import type { Figure, FigureSpec, PanelSpec } from "./parts/spec.ts";
import { framed, hiddenUnless } from "./parts/theme.ts";

/** A count of dimensions that the cloud fills, 1 … min(n, d). */
export interface EffectiveRankRow {
  readonly layer: number;
  readonly measure: "effective_rank" | "participation_ratio";
  readonly series: "observed" | "isotropic";
  readonly value: number;
}

const MEASURES = [
  { name: "effective_rank", title: "effective rank" },
  { name: "participation_ratio", title: "participation ratio" },
] as const;

/** Rows of {@link effectiveRankByLayer}, each measure beside what isotropic points would give. */
export function effectiveRankRows(metrics: readonly MetricRow[]): readonly EffectiveRankRow[] {
  return MEASURES.flatMap(({ name }) =>
    layerStatistics(metrics, name).flatMap(({ layer, value, floor }) => [
      { layer, measure: name, series: "observed" as const, value },
      ...(floor === null ? [] : [{ layer, measure: name, series: "isotropic" as const, value: floor }]),
    ]),
  );
}

const WIDTH = 330;

export const effectiveRankFigure: Figure<RunData> = {
  name: "effectiveRankByLayer",
  title: () => "Dimensions that the tokens fill",
  caption: () =>
    "Effective rank (Roy and Vetterli) is the exponential of the entropy of the normalized singular values, participation ratio is (Σλ)²/Σλ² of the eigenvalues λ; both are bounded by min(n, d), so compare them at equal n only. Dashed: as many isotropic points.",
  draw: ({ metrics }, { about }) =>
    metrics.some(({ measure }) => measure === "effective_rank")
      ? effectiveRankByLayer(effectiveRankRows(metrics), about)
      : null,
};

/** Effective rank and participation ratio of the cloud against depth, each with the value of n isotropic points in d dimensions. */
export function effectiveRankByLayer(rows: readonly EffectiveRankRow[], about = ""): FigureSpec {
  const shown = MEASURES.filter(({ name }) => rows.some((row) => row.measure === name));
  const top = 1.04 * Math.max(1, ...rows.map((row) => row.value));
  const frame = {
    title: titleOf(rows),
    subtitle: ["dimensions that the tokens fill, beside as many isotropic points", about].filter(Boolean).join("; "),
    description: "Line charts of effective rank and participation ratio by layer, with the isotropic values dashed.",
  };
  const concat = shown.map(({ name, title }, k) =>
    panel(
      rows.filter((row) => row.measure === name),
      title,
      top,
      k === 0,
    ),
  );
  return framed(frame, { spacing: 24, bounds: "flush", concat });
}

function titleOf(rows: readonly EffectiveRankRow[]): string {
  const observed = rows.filter((row) => row.series === "observed" && row.measure === "effective_rank");
  if (observed.length === 0) return "Dimensions that the tokens fill";
  return `Effective rank ${courseInWords(observed, { write: (value) => value.toPrecision(3), slack: 0 })}`;
}

function panel(rows: readonly EffectiveRankRow[], title: string, top: number, first: boolean): PanelSpec {
  const axis = { ...hiddenUnless(first), tickCount: 6 };
  return {
    title: { text: title, frame: "group", fontSize: 12, offset: 5 },
    width: WIDTH,
    height: 220,
    encoding: {
      x: layerChannel(
        rows.map((row) => row.layer),
        WIDTH,
      ),
      y: {
        field: "value",
        type: "quantitative",
        title: first ? "dimensions" : null,
        scale: { domain: [0, top], nice: false },
        axis,
      },
    },
    layer: linesByLayer(rows, seriesIn(rows)),
  } as PanelSpec;
}
