import { type RandomSource, randomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { type DynamicsChoice, findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import type { SimulateOptions } from "../../sim/simulate/options.ts";
import { type SystemResult, simulate } from "../../sim/simulate/simulate.ts";

/** A uniform cloud of unit rows from a test's own seed. */
export function start(n: number, d: number, seed: number): Float64Array {
  return uniformCloud(n, d, randomSource(seed)).x;
}

/** Random parameters, exactly those that a dynamics reads. */
export function randomParams(dynamics: DynamicsChoice, n: number, d: number, random: RandomSource): DynamicsParams {
  const matrix = () => Array.from({ length: d }, () => Array.from({ length: d }, () => random() - 0.5));
  const makers: Readonly<Record<string, () => unknown>> = {
    Q: matrix,
    K: matrix,
    V: matrix,
    weights: () => Array.from({ length: n }, () => 0.2 + random()),
    alpha: () => 0.3 + random(),
    tau: () => random(),
    layers: () => [0, 1].map(() => ({ duration: 0.5, heads: [{ Q: matrix(), K: matrix(), V: matrix() }] })),
    heads: () => [0, 1, 2].map(() => ({ Q: matrix(), K: matrix(), V: matrix() })),
    radius: () => 0.5 + random(),
    growth: () => random() - 0.5,
    W1: () => Array.from({ length: 3 }, () => Array.from({ length: d }, () => random() - 0.5)),
    b1: () => Array.from({ length: 3 }, () => random() - 0.5),
    W2: () => Array.from({ length: d }, () => Array.from({ length: 3 }, () => random() - 0.5)),
    eps: () => 0.5 + random(),
    lambda: () => 0.5 + random(),
    data: () => Array.from({ length: n + 2 }, () => Array.from({ length: d }, () => random() - 0.5)),
  };
  return Object.fromEntries(Object.keys(findDynamics(dynamics).parameters).map((name) => [name, makers[name]()]));
}

/** n unit vectors of R^n with ⟨x_i, x_j⟩ = rho for all i ≠ j, as the rows of a Cholesky factor. */
export function equiangular(n: number, rho: number): Float64Array {
  const x = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? 1 : rho;
      for (let k = 0; k < j; k++) sum -= x[i * n + k] * x[j * n + k];
      x[i * n + j] = i === j ? Math.sqrt(sum) : sum / x[j * n + j];
    }
  }
  return x;
}

export function dot(x: ArrayLike<number>, i: number, y: ArrayLike<number>, j: number, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += x[i * d + k] * y[j * d + k];
  return sum;
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = Math.abs(a.length - b.length);
  for (let e = 0; e < a.length; e++) worst = Math.max(worst, Math.abs(a[e] - b[e]));
  return worst;
}

/** ∫ f by Gauss–Legendre with five points in each of `pieces` equal parts. */
export function quadrature(f: (s: number) => number, from: number, to: number, pieces = 400): number {
  const nodes = [0, 0.5384693101056831, 0.906179845938664];
  const weights = [0.5688888888888889, 0.47862867049936647, 0.23692688505618908];
  const h = (to - from) / pieces / 2;
  let sum = 0;
  for (let p = 0; p < pieces; p++) {
    const middle = from + (2 * p + 1) * h;
    sum += weights[0] * f(middle);
    for (const m of [1, 2]) sum += weights[m] * (f(middle - h * nodes[m]) + f(middle + h * nodes[m]));
  }
  return sum * h;
}

/** Runs and keeps every saved cloud by system. */
export async function record(options: SimulateOptions): Promise<{ results: SystemResult[]; clouds: Cloud[][] }> {
  const clouds: Cloud[][] = options.systems.map(() => []);
  const save = (system: number, index: number, _t: number, { n, d, x }: Cloud) => {
    clouds[system][index] = { n, d, x: x.slice() };
  };
  return { results: await simulate(options, { save }), clouds };
}

export const meanProduct = (cloud: Cloud): number => {
  const pairs = innerProducts(cloud, false);
  return pairs.reduce((sum, p) => sum + p, 0) / pairs.length;
};
