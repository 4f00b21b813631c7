import type { ExplorerData } from "./data-shape.ts";

/**
 * A depth rests at a layer's place, from 0 to the last, or at half a place more: between two layers, after attention and before the MLP.
 * Rows of a series are its layers and then, where they were measured, the half-steps between every two.
 */
interface Rows {
  /** All rows of a series. */
  readonly rows: number;
  /** Those that are layers. */
  readonly layers: number;
}

/** Whether a series has rows for half-steps. */
export function hasHalfSteps({ rows, layers }: Rows): boolean {
  return rows > layers;
}

/** Where a series rests, in the order of depth. */
export function restsOf(series: Rows): readonly number[] {
  const step = hasHalfSteps(series) ? 0.5 : 1;
  return Array.from({ length: series.rows }, (_, k) => k * step);
}

/** The resting place next to a depth. */
export function restNear(series: Rows, depth: number): number {
  return hasHalfSteps(series) ? Math.round(2 * depth) / 2 : Math.round(depth);
}

/** The row of a series at a resting place. One without half-steps is seen as after the layer before. */
export function rowOf(series: Rows, rest: number): number {
  const before = Math.floor(rest);
  return rest > before && hasHalfSteps(series) ? series.layers + before : before;
}

/**
 * The layer that a page opens at: the last one that the network and what is shown beside it have. The first says nothing of a prediction, which
 * starts there.
 */
export function openingLayer({ layers, texts }: ExplorerData, beside: string | null): number {
  const shown = texts[0]!.series.filter(({ name }, k) => k === 0 || name === beside);
  const known = (_: number, k: number) => shown.every(({ mean_cosine }) => typeof mean_cosine[k] === "number");
  return layers.findLast(known) ?? layers[0]!;
}

/** The number of a resting place: 9.5 is between layers 9 and 10. */
export function numberOf(layers: readonly number[], rest: number): number {
  const before = Math.floor(rest);
  return layers[before]! + rest - before;
}
