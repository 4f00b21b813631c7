import type { RivalPrediction } from "../rivals/rival.ts";
import type { ObservedText } from "./observed-text.ts";

/**
 * Squared errors of predicted inner products, (G_ij − Ĝ_ij)² over pairs i < j and layers: their sum, and the part of it in which each token
 * has a share, which is what leaving the token out takes away.
 */
export interface PairErrors {
  readonly n: number;
  readonly total: number;
  readonly byToken: Float64Array;
}

/** Errors at these layers (numbers from 0, the start); `null` where the prediction says nothing of one of them. */
export function pairErrors(
  text: ObservedText,
  { products }: Pick<RivalPrediction, "products">,
  layers: readonly number[],
): PairErrors | null {
  const byToken = new Float64Array(text.n);
  let total = 0;
  for (const k of layers) {
    const predicted = products(k);
    if (predicted === null) return null;
    total += addErrors(text.products(k), predicted, byToken);
  }
  return { n: text.n, total, byToken };
}

/** Adds each token's errors to its own and returns the sum over pairs. */
function addErrors(observed: Float64Array, predicted: Float64Array, byToken: Float64Array): number {
  const n = byToken.length;
  let total = 0;
  let p = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = i + 1; j < n; j++, p++) {
      const error = (observed[p] - predicted[p]) ** 2;
      row += error;
      byToken[j] += error;
    }
    byToken[i] += row;
    total += row;
  }
  return total;
}
