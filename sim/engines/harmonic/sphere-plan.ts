import { besselRatios } from "./bessel-ratios.ts";

/** Numbers kept for every (m, l) of a plan, side by side. */
export const PLAN_STRIDE = 4;

/**
 * What the sums over spherical harmonics need at one β, apart from the tokens. Real harmonics are polynomials,
 * Y_lm = Q_lm(z) Re (x+iy)^m and Q_lm(z) Im (x+iy)^m, in Schmidt's normalization Σ_m Y_lm(x)Y_lm(y) = P_l(⟨x, y⟩). Pairs
 * run over m = 0 … degree and, within m, over l = m … degree.
 */
export interface SpherePlan {
  readonly degree: number;
  /** Pairs (m, l): (degree+1)(degree+2)/2. */
  readonly pairs: number;
  /** Q_mm, which does not depend on z. `[degree + 1]`. */
  readonly first: Float64Array;
  /**
   * `[pairs, 4]`: A and B of Q_lm = A z Q_{l−1,m} − B Q_{l−2,m}; the kernel's weight e^{−β}(2l+1) i_l(β); and the factor f of
   * dQ_{l,m−1}/dz = f Q_lm.
   */
  readonly table: Float64Array;
}

/**
 * @param tolerance - Terms below this, relative to the mean of the kernel, are left out.
 */
export function spherePlan(beta: number, tolerance: number): SpherePlan {
  const weights = sphereKernel(beta, tolerance);
  const degree = weights.length - 1;
  const pairs = ((degree + 1) * (degree + 2)) / 2;
  const first = Float64Array.from({ length: degree + 1 }, () => 1);
  for (let m = 2; m <= degree; m++) first[m] = first[m - 1] * Math.sqrt((2 * m - 1) / (2 * m));
  const table = new Float64Array(PLAN_STRIDE * pairs);
  let at = 0;
  for (let m = 0; m <= degree; m++) {
    for (let l = m; l <= degree; l++, at += PLAN_STRIDE) {
      const length = Math.sqrt(l * l - m * m);
      if (l > m) table[at] = (2 * l - 1) / length;
      if (l > m + 1) table[at + 1] = Math.sqrt((l - 1) ** 2 - m * m) / length;
      table[at + 2] = weights[l];
      if (m > 0) table[at + 3] = Math.sqrt((m === 1 ? 0.5 : 1) * (l + m) * (l - m + 1));
    }
  }
  return { degree, pairs, first, table };
}

/**
 * e^{−|β|}(2l+1) i_l(β) for l = 0, 1 …, with e^{β⟨x,y⟩} = Σ_l (2l+1) i_l(β) P_l(⟨x,y⟩): modified spherical Bessel functions
 * by their ratios, from the scaled e^{−β} i_0 = (1 − e^{−2β})/(2β), and i_l(−β) = (−1)^l i_l(β). Nothing overflows.
 */
export function sphereKernel(beta: number, tolerance: number): Float64Array {
  const all = positiveKernel(Math.abs(beta), tolerance);
  return beta < 0 ? all.map((value, l) => (l % 2 ? -value : value)) : all;
}

function positiveKernel(beta: number, tolerance: number): Float64Array {
  // At β = 0 gradients, which are divided by β, still need i_1/β = 1/3.
  const b = Math.max(beta, 1e-100);
  const ratios = besselRatios(0.5, b, 20 + Math.ceil(12 * Math.sqrt(b) + 0.1 * b));
  const all = [b < 1e-8 ? 1 : -Math.expm1(-2 * b) / (2 * b)];
  let value = all[0];
  for (let l = 1; l <= ratios.length; l++) {
    value *= ratios[l - 1];
    const weight = (2 * l + 1) * value;
    all.push(weight);
    if (l > 1 && weight * Math.max(1, l / b) < tolerance * all[0]) break;
  }
  return Float64Array.from(all);
}
