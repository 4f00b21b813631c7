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
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let p = i * d; p < (i + 1) * d; p++) s += x[p] * x[p];
    norms[i] = Math.sqrt(s);
  }
  return norms;
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
