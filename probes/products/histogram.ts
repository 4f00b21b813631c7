import { sum } from "../numerics/vectors.ts";
import type { BinRule } from "./bin-edges.ts";

/** Counts on equally spaced bins. Plain data: it goes into a file as it stands. */
export interface Histogram {
  readonly rule: BinRule;
  /** counts.length + 1 edges; a bin holds its left edge, the last one holds both. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** Values counted. */
  readonly total: number;
  /** Values beyond the edges; none for clamped cosines on [−1, 1]. */
  readonly outside: number;
}

/** Histogram of the values on the given equally spaced edges. */
export function histogram(values: ArrayLike<number>, edges: Float64Array, rule: BinRule = "fixed"): Histogram {
  const counts = new Uint32Array(edges.length - 1);
  countInto(values, edges, counts);
  return recorded(counts, edges, rule, values.length);
}

/** `histogram` of values that ascend. */
export function sortedHistogram(sorted: Float64Array, edges: Float64Array, rule: BinRule = "fixed"): Histogram {
  return recorded(sortedCounts(sorted, edges), edges, rule, sorted.length);
}

function recorded(counts: Uint32Array, edges: Float64Array, rule: BinRule, all: number): Histogram {
  const total = sum(counts);
  return { rule, edges: Array.from(edges), counts: Array.from(counts), total, outside: all - total };
}

/** How many of the ascending values lie in each bin, found by going along both; a bin holds its left edge, the last one holds both. */
export function sortedCounts(sorted: Float64Array, edges: Float64Array): Uint32Array {
  const counts = new Uint32Array(edges.length - 1);
  let p = 0;
  while (p < sorted.length && sorted[p] < edges[0]) p++;
  for (let b = 0; b < counts.length; b++) {
    const from = p;
    const end = edges[b + 1];
    while (p < sorted.length && sorted[p] < end) p++;
    if (b === counts.length - 1) while (p < sorted.length && sorted[p] === end) p++;
    counts[b] = p - from;
  }
  return counts;
}

/**
 * Adds the values to `counts` and returns how many fell inside. The bin is found by division and then put right by the
 * edges themselves, so that a value equal to an edge always falls to its right.
 */
export function countInto(values: ArrayLike<number>, edges: Float64Array, counts: Uint32Array): number {
  const bins = counts.length;
  const lo = edges[0];
  const hi = edges[bins];
  const scale = bins / (hi - lo);
  let inside = 0;
  for (let p = 0; p < values.length; p++) {
    const v = values[p];
    if (!(v >= lo && v <= hi)) continue;
    let b = Math.min(((v - lo) * scale) | 0, bins - 1);
    if (v < edges[b]) b--;
    else if (b < bins - 1 && v >= edges[b + 1]) b++;
    counts[b]++;
    inside++;
  }
  return inside;
}

/** Heights that make the counted values integrate to 1; zeros where nothing was counted. */
export function density({ edges, counts, total }: Histogram): readonly number[] {
  return counts.map((c, b) => (total === 0 ? 0 : c / (total * (edges[b + 1] - edges[b]))));
}
