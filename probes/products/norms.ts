import type { Cloud } from "../cloud.ts";

/** Lengths of the tokens as the model gave them, before centring and normalizing; `sd` is the population's. */
export interface NormSummary {
  readonly mean: number;
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/** Euclidean norm of each token, length n. */
export function tokenNorms({ n, d, x }: Cloud): Float64Array {
  const norms = new Float64Array(n);
  for (let i = 0; i < n; i++) norms[i] = Math.sqrt(squaredNorm(x, i * d, (i + 1) * d));
  return norms;
}

/** Σ x_p² from one place up to another, in four sums, which hides the latency of the additions. */
export function squaredNorm(x: ArrayLike<number>, from: number, to: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let p = from;
  for (; p + 3 < to; p += 4) {
    s0 += x[p] * x[p];
    s1 += x[p + 1] * x[p + 1];
    s2 += x[p + 2] * x[p + 2];
    s3 += x[p + 3] * x[p + 3];
  }
  for (; p < to; p++) s0 += x[p] * x[p];
  return s0 + s1 + (s2 + s3);
}

/** Mean, population standard deviation, least and greatest of the token norms. Needs n ≥ 1. */
export function normSummary(cloud: Cloud): NormSummary {
  const norms = tokenNorms(cloud);
  const mean = norms.reduce((a, b) => a + b, 0) / norms.length;
  const variance = norms.reduce((a, b) => a + (b - mean) ** 2, 0) / norms.length;
  const min = norms.reduce((a, b) => Math.min(a, b));
  const max = norms.reduce((a, b) => Math.max(a, b));
  return { mean, sd: Math.sqrt(variance), min, max };
}
