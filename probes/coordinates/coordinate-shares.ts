import type { Cloud } from "../cloud.ts";

/** Below this mean cosine shares of it are shares of nothing. */
export const LEAST_MEAN_COSINE = 0.1;

/** A coordinate that carries more of the mean cosine than this, and much more than its even share 1/d, makes it. */
const ROGUE = { share: 1 / 3, even: 10 } as const;

/** Whether a coordinate of d with this share of the mean cosine makes it: more than a third, and ten times 1/d. */
export function isRogue(share: number, d: number): boolean {
  return share > Math.max(ROGUE.share, ROGUE.even / d);
}

/**
 * What each coordinate adds to the mean cosine of pairs i < j of unit tokens, length d: ((Σ_i x_ik)² − Σ_i x_ik²)/(n(n − 1)). They
 * add up to the mean cosine (Timkey and van Schijndel 2021, arXiv:2109.04404, equation 4).
 */
export function coordinateContributions({ n, d, x }: Cloud): Float64Array {
  const [sums, squares] = [new Float64Array(d), new Float64Array(d)];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) {
      const v = x[i * d + k];
      sums[k] += v;
      squares[k] += v * v;
    }
  }
  return sums.map((sum, k) => (sum * sum - squares[k]) / (n * (n - 1)));
}

/** The contributions as shares of the mean cosine; `null` where that is below `LEAST_MEAN_COSINE`. */
export function coordinateShares(contributions: Float64Array): Float64Array | null {
  const mean = contributions.reduce((a, b) => a + b, 0);
  return mean < LEAST_MEAN_COSINE ? null : contributions.map((one) => one / mean);
}
