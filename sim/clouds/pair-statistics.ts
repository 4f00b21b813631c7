import { innerProductsInto, pairCount } from "../../probes/products/inner-products.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import { nearPairs } from "./near-pairs.ts";

/** What a phase diagram keeps of a cloud, over pairs i < j. */
export interface PairStatistics {
  /** Fraction with ⟨x_i, x_j⟩ ≥ threshold. */
  readonly probability: number;
  readonly meanCosine: number;
}

/** Tokens from which a tree of boxes counts pairs, in up to three coordinates. */
const MANY = 1000;

/** Whether so many tokens have their pairs counted by a tree: below O(n²). */
export function countsByTree(n: number, d: number): boolean {
  return n >= MANY && d <= 3;
}

/**
 * Makes a function that measures clouds of one size without allocating for each.
 *
 * @param n - ≥ 2.
 * @param threshold - Above −1, below 1.
 * @returns A function of unit rows `[n, d]`.
 */
export function pairStatistics(n: number, d: number, threshold: number): (x: Float64Array) => PairStatistics {
  if (countsByTree(n, d))
    return (x) => ({
      probability: nearPairs(x, n, d)(threshold) / pairCount(n),
      meanCosine: meanCosine({ n, d, x }),
    });
  const products = new Float64Array(pairCount(n));
  // Two tokens within half the angle of a third are within the angle of each other.
  const half = Math.cos(Math.acos(threshold) / 2);
  return (x) => {
    if (isWithin(x, n, d, half)) return { probability: 1, meanCosine: meanCosine({ n, d, x }) };
    innerProductsInto(x, n, d, products);
    let [near, sum] = [0, 0];
    for (let p = 0; p < products.length; p++) {
      if (products[p] >= threshold) near++;
      sum += products[p];
    }
    return { probability: near / products.length, meanCosine: sum / products.length };
  };
}

/** Whether ⟨x_i, x_0⟩ ≥ least for all i. */
function isWithin(x: Float64Array, n: number, d: number, least: number): boolean {
  for (let i = 1; i < n; i++) {
    let dot = 0;
    for (let k = 0; k < d; k++) dot += x[i * d + k] * x[k];
    if (!(dot >= least)) return false;
  }
  return true;
}
