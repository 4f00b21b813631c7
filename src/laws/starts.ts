import { type RandomSource, randomSource } from "../../models/random.ts";
import type { Cloud, Cloud64 } from "../../probes/cloud.ts";
import { mean as meanOf } from "../../probes/numerics/mean.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";

/** Where a simulation starts that does not start from the network's own tokens. */
export type StartName = "iid" | "equiangular";

/** Numbers of the tokens that are drawn. */
const SEED = 1;
/** Directions that independent tokens are drawn in at most: more leave their inner products as equal as can be told. */
const MOST_DIRECTIONS = 4096;

/**
 * Clouds of as many tokens as the one that is given, of which no token is one of the network's: only distributions can be compared.
 * `iid`: independent tokens whose inner products have the same mean and variance. `equiangular`: all inner products are the mean
 * (R §6). Their width is their own.
 */
export const STARTS: Readonly<Record<StartName, (cloud: Cloud) => Cloud64>> = {
  iid(cloud) {
    const { n, mean, variance } = momentsOf(cloud);
    return independentCloud(n, mean, variance, randomSource(SEED));
  },
  equiangular(cloud) {
    const { n, mean } = momentsOf(cloud);
    return equiangularCloud(n, mean);
  },
};

function momentsOf(cloud: Cloud): { readonly n: number; readonly mean: number; readonly variance: number } {
  const products = innerProducts(cloud, true);
  const mean = meanOf(products);
  return { n: cloud.n, mean, variance: meanOf(products.map((g) => (g - mean) ** 2)) };
}

/**
 * Independent unit tokens √m e + √(1−m) (√a p, √(1−a) ±f): e and f fixed, p uniform on a sphere S^{K−1}. Their inner products have mean m
 * and variance (1−m)²(a²/K + (1−a)²), so K and a meet any variance from 0 to (1−m)².
 *
 * @param mean - Negative ones, which no independent tokens have on the mean, count as 0.
 */
export function independentCloud(n: number, mean: number, variance: number, random: RandomSource): Cloud64 {
  const m = Math.min(Math.max(0, mean), 1 - 1e-12);
  const v = Math.min(1, Math.max(variance / (1 - m) ** 2, 1 / MOST_DIRECTIONS));
  const K = Math.floor(1 / v + 1e-9);
  // The larger root of a²/K + (1 − a)² = v: a = 1 where v = 1/K, K/(K + 1) where v = 1/(K + 1).
  const inside = Math.max(0, 1 - ((K + 1) / K) * (1 - v));
  const a = Math.min(1, ((1 + Math.sqrt(inside)) * K) / (K + 1));
  const d = K + 2;
  const x = new Float64Array(n * d);
  const p = uniformCloud(n, K, random).x;
  for (let i = 0; i < n; i++) {
    x[i * d] = Math.sqrt(m);
    x[i * d + 1] = Math.sqrt((1 - m) * (1 - a)) * (random() < 0.5 ? -1 : 1);
    for (let k = 0; k < K; k++) x[i * d + 2 + k] = Math.sqrt((1 - m) * a) * p[i * K + k];
  }
  return { n, d, x };
}

/** n unit tokens in R^n of which any two have inner product ρ: √(1−ρ) e_i + c Σ e_j. */
export function equiangularCloud(n: number, rho: number): Cloud64 {
  const least = -1 / Math.max(1, n - 1);
  const r = Math.min(1, Math.max(rho, least));
  const own = Math.sqrt(1 - r);
  const c = (Math.sqrt(Math.max(0, 1 - r + n * r)) - own) / n;
  const x = new Float64Array(n * n).fill(c);
  for (let i = 0; i < n; i++) x[i * n + i] += own;
  return { n, d: n, x };
}
