import { scale } from "../../../probes/numerics/vectors.ts";
import { rowProducts } from "../../../probes/products/row-products.ts";
import type { Fold } from "../kernels/folds.ts";
import { rowDots } from "../kernels/row-products.ts";
import { type RidgeFold, ridgeFolds } from "./ridge-weights.ts";

/** A ridge of one strength over a sample of m tokens, whatever it is fitted to. */
export interface RidgeStrength {
  readonly lambda: number;
  readonly folds: readonly RidgeFold[];
  /** `[m, m]`, row i: the weights of token i's fold, 0 at those that are held with it. */
  readonly weights: Float64Array;
  /** `[m, m]`: 1 − weights. A prediction is this of the x_j and the weights of the targets' ends. */
  readonly still: Float64Array;
  /** |Σ_j still_ij x_j|². */
  readonly stillSquared: Float64Array;
}

/**
 * @param gram `[m, m]`: ⟨x_i, x_j⟩.
 * @param folds in positions of the sample.
 * @returns `null` where the ridge is singular to rounding.
 */
export function ridgeStrength(
  gram: Float64Array,
  m: number,
  lambda: number,
  folds: readonly Fold[],
): RidgeStrength | null {
  const ridge = ridgeFolds(withIntercept(gram), m, lambda, folds);
  if (!ridge) return null;
  const weights = new Float64Array(m * m);
  for (const { held, train, weights: w } of ridge) {
    held.forEach((i, a) => {
      for (let j = 0; j < train.length; j++) weights[i * m + train[j]] = w[a * train.length + j];
    });
  }
  const still = scale(new Float64Array(weights), -1);
  for (let i = 0; i < m; i++) still[i * m + i] += 1;
  return { lambda, folds: ridge, weights, still, stillSquared: rowDots(rowProducts(still, gram, m, m, m), still, m) };
}

/** The kernel of tokens with a 1 for a further coordinate: its weight is the intercept. */
export function withIntercept(gram: Float64Array): Float64Array {
  const out = new Float64Array(gram.length);
  for (let p = 0; p < out.length; p++) out[p] = gram[p] + 1;
  return out;
}
