import { type SeriesName, seriesIn } from "./series.ts";
import { seriesChannels } from "./series-scale.ts";
import { inlineData, type MarkSpec } from "./spec.ts";

/** One value of one curve at one layer. */
export interface ByLayerRow {
  readonly layer: number;
  readonly series: SeriesName;
  readonly value: number;
}

/** The x channel of every figure by layer: whole numbers, 0 = embedding. */
export function layerChannel(layers: readonly number[], width: number) {
  const last = Math.max(...layers, 1);
  const first = Math.min(...layers, 0);
  const tickCount = Math.max(2, Math.min(last - first, Math.floor(width / 40)));
  return {
    field: "layer",
    type: "quantitative" as const,
    title: "layer (0 = embedding)",
    scale: { domain: [first, last], nice: false, zero: false, padding: 6 },
    axis: { tickMinStep: 1, tickCount, format: "d", grid: false },
  };
}

/** One line a series, the first in legend order on top, with points except on the baselines. */
export function linesByLayer(rows: readonly ByLayerRow[], names: readonly SeriesName[] = seriesIn(rows)): MarkSpec[] {
  const drawn = [...names].reverse().flatMap((name) => rows.filter((row) => row.series === name));
  const moving = drawn.filter((row) => row.series !== "isotropic" && row.series !== "frozen");
  const size = pointSize(new Set(rows.map((row) => row.layer)).size);
  const { color, strokeDash } = seriesChannels(names);
  return [
    {
      data: inlineData(drawn),
      mark: { type: "line", strokeWidth: 2 },
      encoding: { color, strokeDash, detail: { field: "series" } },
    },
    { data: inlineData(moving), mark: { type: "point", filled: true, opacity: 1, size }, encoding: { color } },
  ] as MarkSpec[];
}

/** Points shrink as layers crowd. */
function pointSize(layers: number): number {
  return layers > 30 ? 14 : 30;
}
