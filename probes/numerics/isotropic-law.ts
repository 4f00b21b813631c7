import { incompleteBeta } from "./incomplete-beta.ts";

/**
 * The law of t = ⟨x, y⟩ for x, y independent and uniform on S^{d−1}: density ∝ (1 − t²)^{(d−3)/2}, so (1 + t)/2 is
 * Beta((d−1)/2, (d−1)/2); mean 0, variance 1/d. For d = 1 it is ±1 with equal chance. Pairs of one cloud are
 * independent two by two, so means over pairs are exact and variances of means as well.
 */

/** P(t ≤ s), with full relative accuracy in the lower tail. */
export function isotropicCdf(s: number, d: number): number {
  if (d === 1) return s < -1 ? 0 : s < 1 ? 0.5 : 1;
  return incompleteBeta((1 + s) / 2, (d - 1) / 2, (d - 1) / 2);
}

/** P(t > s), with full relative accuracy in the upper tail. */
export function isotropicTail(s: number, d: number): number {
  return d === 1 ? 1 - isotropicCdf(s, 1) : isotropicCdf(-s, d);
}

/** The s in [−1, 1] with P(t ≤ s) = p, 0 < p < 1, by bisection to the last bit; between −1 and 1 for d = 1. */
export function isotropicQuantile(p: number, d: number): number {
  if (p === 0.5) return 0;
  if (p > 0.5) return -isotropicQuantile(1 - p, d);
  let lo = -1;
  let hi = 0;
  for (let mid = -0.5; mid > lo && mid < hi; mid = (lo + hi) / 2) {
    if (isotropicCdf(mid, d) < p) lo = mid;
    else hi = mid;
  }
  return hi;
}

/**
 * The p-quantile of Student's t with `df` degrees of freedom: T = t√df/√(1 − t²), where t is the inner product above in
 * df + 1 dimensions.
 */
export function studentQuantile(p: number, df: number): number {
  const t = isotropicQuantile(p, df + 1);
  return (t * Math.sqrt(df)) / Math.sqrt((1 - t) * (1 + t));
}
