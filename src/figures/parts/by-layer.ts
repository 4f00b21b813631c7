import type { Series } from "./series.ts";
import { lineMarks, pointMarks } from "./series-scale.ts";
import type { MarkSpec } from "./spec.ts";

/** One value of one curve at one layer. */
export interface ByLayerRow {
  readonly layer: number;
  readonly series: string;
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

/** With more layers than this, points run into one another and hide the dashes. */
const MOST_POINTS = 26;

/** One line a series, the first in legend order on top, with points on what moves while there is room for them. */
export function linesByLayer(rows: readonly ByLayerRow[], series: readonly Series[]): MarkSpec[] {
  const crowded = new Set(rows.map((row) => row.layer)).size > MOST_POINTS;
  const moving = crowded ? [] : series.filter(({ kind }) => kind !== "baseline");
  return [...lineMarks(rows, series), ...pointMarks(rows, moving, 30)];
}
