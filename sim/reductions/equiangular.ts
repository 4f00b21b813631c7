import { TokensphereError } from "../../models/errors.ts";
import { checkWhole } from "../clouds/check-number.ts";
import { normalizeRows } from "../clouds/normalize-rows.ts";
import { type EquiangularOptions, equiangularCurve } from "../theory/equiangular.ts";
import type { Reduction } from "./reduction.ts";

/** ⟨x_i, x_j⟩/(‖x_i‖‖x_j‖) for all i ≠ j, and the length of all tokens. */
export interface EquiangularState {
  readonly rho: number;
  readonly radius: number;
}

/** Inner products and lengths may differ by this: what an integration at the default tolerances leaves, ten times. */
const SAME = 1e-6;

/**
 * Equiangular clouds (R §6): two numbers stand for n tokens, under every normalization scheme.
 *
 * @param options - n ≥ 2; alpha and tau where the scheme reads them.
 */
export function equiangularReduction(
  options: Pick<EquiangularOptions, "scheme" | "dynamics" | "n" | "alpha" | "tau">,
): Reduction<EquiangularState> {
  const { n } = options;
  checkWhole("n", n, 2);
  return {
    name: `equiangular ${options.scheme}`,
    project: (cloud) => {
      if (cloud.n !== n) throw new TokensphereError("input", `cloud: ${cloud.n} tokens. give n = ${n}`);
      const x = normalizeRows(cloud);
      return { rho: common(pairProducts(x, n, cloud.d), "inner products"), radius: common(lengths(cloud), "lengths") };
    },
    lift: ({ rho, radius }) => ({ n, d: n, x: liftEquiangular(n, rho).map((value) => radius * value) }),
    flow: async ({ rho, radius }, beta, times) => {
      const curve = equiangularCurve({ ...options, beta, rho0: rho, radius0: radius, times });
      return curve.rho.map((value, t) => ({ rho: value, radius: curve.radius[t] }));
    },
  };
}

/**
 * n unit vectors with ⟨x_i, x_j⟩ = ρ: x_i = √(1−ρ) e_i + c(1, …, 1), nc = √(1+(n−1)ρ) − √(1−ρ).
 *
 * @param rho - In [−1/(n−1), 1].
 * @returns `[n, n]`.
 */
export function liftEquiangular(n: number, rho: number): Float64Array {
  if (!(rho >= -1 / (n - 1) && rho <= 1))
    throw new TokensphereError("usage", `rho: ${rho}. use a number from ${-1 / (n - 1)} to 1`);
  const own = Math.sqrt(1 - rho);
  const shared = (Math.sqrt(1 + (n - 1) * rho) - own) / n;
  return Float64Array.from({ length: n * n }, (_, e) => shared + (e % (n + 1) === 0 ? own : 0));
}

function pairProducts(x: Float64Array, n: number, d: number): number[] {
  const products: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += x[i * d + k] * x[j * d + k];
      products.push(sum);
    }
  }
  return products;
}

function lengths({ n, d, x }: { n: number; d: number; x: ArrayLike<number> }): number[] {
  return Array.from({ length: n }, (_, i) => Math.hypot(...Array.from({ length: d }, (_, k) => x[i * d + k])));
}

/** @throws TokensphereError `input` where the numbers differ. */
function common(values: readonly number[], what: string): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const spread = values.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  if (spread <= SAME * Math.max(1, Math.abs(mean))) return mean;
  throw new TokensphereError("input", `cloud: ${what} differ by ${spread.toPrecision(3)}. give an equiangular one`);
}
