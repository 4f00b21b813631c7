import type { Cloud } from "../../probes/cloud.ts";
import { sortValues } from "../../probes/numerics/sort-values.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { rowsOf } from "../../probes/products/rows-of.ts";
import { binnedMeans } from "./binned-means.ts";

/**
 * A distribution of inner products as the means of equally many consecutive sorted values. With at most `blocks` values it is
 * exact; otherwise distances between sketches are a lower bound of W1, and zero for equal clouds. Sketches of the same number
 * of pairs are comparable block by block, and interpolate in time.
 */
export interface SketchPlan {
  /** Tokens whose pairs are measured, ascending; the same ones in observed and simulated clouds. */
  readonly tokens: Int32Array;
  /** Number of pairs. */
  readonly pairs: number;
  /** Start of each block in the sorted values, and the number of values at the end: length `blocks + 1`. */
  readonly bounds: Int32Array;
  /** Share of the pairs in each block; sums to 1. */
  readonly weights: Float64Array;
}

/** Lays out sketches of at most `blocks` numbers for the pairs of `tokens`. */
export function planSketch(tokens: Int32Array, blocks: number): SketchPlan {
  const pairs = (tokens.length * (tokens.length - 1)) / 2;
  const count = Math.min(pairs, blocks);
  const bounds = Int32Array.from({ length: count + 1 }, (_, b) => Math.round((b * pairs) / count));
  const weights = Float64Array.from({ length: count }, (_, b) => (bounds[b + 1] - bounds[b]) / pairs);
  return { tokens, pairs, bounds, weights };
}

/** Pairs from which values are counted in fine bins in place of being sorted. */
const MANY = 2 ** 15;

/** Writes the sketch of a cloud into `out` at `offset`. The cloud's rows must have unit length. */
export function sketch(plan: SketchPlan, cloud: Cloud, out: Float64Array, offset: number): void {
  const products = measuredProducts(plan, cloud);
  const means = products.length >= MANY ? binnedMeans : sortedMeans;
  means(products, plan.bounds, out, offset);
}

function sortedMeans(products: Float64Array, bounds: Int32Array, out: Float64Array, offset: number): void {
  const values = sortValues(products);
  for (let b = 0; b + 1 < bounds.length; b++) {
    let sum = 0;
    for (let p = bounds[b]; p < bounds[b + 1]; p++) sum += values[p];
    out[offset + b] = sum / (bounds[b + 1] - bounds[b]);
  }
}

/** Inner products of the measured tokens, i < j, in the order of `plan.tokens`. */
export function measuredProducts(plan: SketchPlan, cloud: Cloud): Float64Array {
  if (plan.tokens.length === cloud.n) return innerProducts(cloud, true);
  return innerProducts({ n: plan.tokens.length, d: cloud.d, x: rowsOf(cloud, plan.tokens) }, true);
}
