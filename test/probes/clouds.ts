import { randomNormal } from "d3-random";
import { type RandomSource, randomSource } from "../../models/random.ts";
import type { Cloud, Cloud64 } from "../../probes/cloud.ts";
import { normalizeCloud } from "../../probes/policy/normalize-cloud.ts";

/** n Gaussian points around a mean of the given length along the first axis. */
export function gaussianCloud(n: number, d: number, random: RandomSource = randomSource(), mean = 0): Cloud64 {
  const normal = randomNormal.source(random)();
  return { n, d, x: Float64Array.from({ length: n * d }, (_, p) => normal() + (p % d === 0 ? mean : 0)) };
}

/** n unit vectors with ⟨x_i, x_j⟩ = rho for all i ≠ j, in n + 1 dimensions: √rho e_0 + √(1 − rho) e_i. */
export function equiangularCloud(n: number, rho: number): Cloud64 {
  const d = n + 1;
  const x = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    x[i * d] = Math.sqrt(rho);
    x[i * d + i + 1] = Math.sqrt(1 - rho);
  }
  return { n, d, x };
}

/** Each of the first k axes repeated as often as `sizes` says: exact clusters. */
export function axisClusters(sizes: readonly number[], d = sizes.length): Cloud64 {
  const rows = sizes.flatMap((size, k) => Array.from({ length: size }, () => k));
  const x = new Float64Array(rows.length * d);
  rows.forEach((k, i) => {
    x[i * d + k] = 1;
  });
  return { n: rows.length, d, x };
}

/** A random orthogonal d × d matrix, row-major: Gram–Schmidt, done twice, on Gaussian rows. */
export function randomRotation(d: number, random: RandomSource): Float64Array {
  const { x } = gaussianCloud(d, d, random);
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < i; j++) {
        let s = 0;
        for (let k = 0; k < d; k++) s += x[i * d + k] * x[j * d + k];
        for (let k = 0; k < d; k++) x[i * d + k] -= s * x[j * d + k];
      }
      x.set(normalizeCloud({ n: 1, d, x: x.subarray(i * d, (i + 1) * d) }, "l2").x, i * d);
    }
  }
  return x;
}

/** Every token times the d × d matrix. */
export function rotate({ n, d, x }: Cloud, matrix: Float64Array): Cloud64 {
  const out = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) for (let m = 0; m < d; m++) out[i * d + k] += matrix[k * d + m] * x[i * d + m];
  }
  return { n, d, x: out };
}

/** The tokens in another order. */
export function reorder({ d, x }: Cloud, order: readonly number[]): Cloud64 {
  const rows = order.flatMap((i) => Array.from(x.subarray(i * d, (i + 1) * d)));
  return { n: order.length, d, x: Float64Array.from(rows) };
}

/** Every coordinate times the factor. */
export function scale({ n, d, x }: Cloud, factor: number): Cloud64 {
  return { n, d, x: Float64Array.from(x, (v) => v * factor) };
}

/** √N sup |F_N − F|, the Kolmogorov–Smirnov statistic of a sample against a law. Above 1.95 has a chance of 0.001. */
export function kolmogorovSmirnov(sample: ArrayLike<number>, cdf: (s: number) => number): number {
  const sorted = Float64Array.from(sample).sort();
  const n = sorted.length;
  const gaps = sorted.map((s, k) => Math.max((k + 1) / n - cdf(s), cdf(s) - k / n));
  return Math.sqrt(n) * gaps.reduce((a, b) => Math.max(a, b), 0);
}
