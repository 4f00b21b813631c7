import type { ComparedFit } from "../comparison/comparison.ts";
import type { NamedFamily } from "../laws/families.ts";
import type { MetricRow } from "../run/metrics.ts";
import type { RunData } from "../run/run-data.ts";
import { layerChannel, linesByLayer } from "./parts/by-layer.ts";
import { courseInWords } from "./parts/course-in-words.ts";
import { familyRows } from "./parts/family-rows.ts";
import { layerStatistics } from "./parts/layer-statistics.ts";
import { hasPredictions, seriesIn } from "./parts/series.ts";
import { type Figure, type FigureSpec, inlineData, type MarkSpec } from "./parts/spec.ts";
import { framed } from "./parts/theme.ts";

/** Mean inner product of one curve at one layer; `lo` and `hi` bound the observed one where that is known. */
export interface MeanCosineRow {
  readonly layer: number;
  readonly series: string;
  readonly value: number;
  readonly lo: number | null;
  readonly hi: number | null;
}

/** Rows of {@link meanCosineByLayer}: observed and isotropic from the measures, predicted from the fit where there is one. */
export function meanCosineRows(metrics: readonly MetricRow[], fit: ComparedFit | null): readonly MeanCosineRow[] {
  const observed = layerStatistics(metrics, "mean_cosine").flatMap(({ layer, value, lo, hi, floor }) => [
    { layer, series: "observed" as const, value, lo, hi },
    ...(floor === null ? [] : [{ layer, series: "isotropic" as const, value: floor, lo: null, hi: null }]),
  ]);
  const predicted = familyRows(fit, (family) => family.mean_cosine).map((row) => ({ ...row, lo: null, hi: null }));
  return [...observed, ...predicted];
}

const WIDTH = 560;

export const meanCosineFigure: Figure<RunData> = {
  name: "meanCosineByLayer",
  title: () => "Mean cosine",
  caption: ({ fit }) =>
    `The mean inner product of token pairs against depth. The band is the 95 % jackknife interval over tokens where one text was measured, else the range over texts. Isotropic is what points without any common direction give. A high mean cosine can be one shared direction and is not by itself clustering.${fit ? " Frozen is the first layer carried on." : ""}`,
  draw: ({ metrics, fit }, { about }) =>
    metrics.some(({ measure }) => measure === "mean_cosine")
      ? meanCosineByLayer(meanCosineRows(metrics, fit), about, fit?.families)
      : null,
};

/** Mean of ⟨x_i, x_j⟩ over pairs against depth: observed with its band, predictions of each family, isotropic floor. */
export function meanCosineByLayer(
  rows: readonly MeanCosineRow[],
  about = "",
  families: readonly NamedFamily[] = [],
): FigureSpec {
  const series = seriesIn(rows, families);
  const observed = rows.filter((row) => row.series === "observed");
  const predicted = hasPredictions(series);
  const what = `mean inner product ⟨xᵢ, xⱼ⟩ of token pairs${predicted ? ", observed and predicted" : ""}`;
  const frame = {
    title: titleOf(observed),
    subtitle: [what, about].filter(Boolean).join("; "),
    description: `Line chart of the mean cosine of token pairs by layer: observed, ${predicted ? "predicted by each family, " : ""}isotropic.`,
  };
  return framed(frame, {
    width: WIDTH,
    height: 270,
    encoding: {
      x: layerChannel(
        rows.map((row) => row.layer),
        WIDTH,
      ),
      y: yChannel(rows),
    },
    layer: [...band(observed), ...linesByLayer(rows, series)],
  });
}

/** All curves, their band and zero, with a little room, so that the isotropic floor does not lie on the axis. */
function yChannel(rows: readonly MeanCosineRow[]) {
  const values = [0, ...rows.flatMap((row) => [row.value, row.lo, row.hi]).filter((value) => value !== null)];
  const room = 0.05 * Math.max(0.02, Math.max(...values) - Math.min(...values));
  const domain = [Math.min(...values) - room, Math.max(...values) + room];
  return {
    field: "value",
    type: "quantitative" as const,
    title: "mean cosine",
    scale: { domain, nice: false, zero: false },
    axis: { tickCount: 6 },
  };
}

function titleOf(observed: readonly MeanCosineRow[]): string {
  if (observed.length === 0) return "Mean cosine of token pairs";
  return `Mean cosine ${courseInWords(observed, { write: (value) => value.toFixed(2), slack: 0.01 })}`;
}

function band(observed: readonly MeanCosineRow[]): MarkSpec[] {
  const bounded = observed.filter((row) => row.lo !== null && row.hi !== null);
  if (bounded.length === 0) return [];
  const encoding = { y: { field: "lo", type: "quantitative" }, y2: { field: "hi" } };
  return [{ data: inlineData(bounded), mark: { type: "area", color: "#333333", opacity: 0.15 }, encoding } as MarkSpec];
}
