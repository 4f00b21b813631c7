import { besselRatios } from "./bessel-ratios.ts";

/** Numbers kept for every (m, l) of a plan, side by side. */
export const PLAN_STRIDE = 3;

/**
 * What the sums over spherical harmonics need at one β, apart from the tokens. Real harmonics are polynomials,
 * Y_lm = Q_lm(z) Re (x+iy)^m and Q_lm(z) Im (x+iy)^m, in Schmidt's normalization Σ_m Y_lm(x)Y_lm(y) = P_l(⟨x, y⟩). Pairs
 * run over m = 0 … degree and, within m, over l = m … degree. What is summed are q_lm = s_lm Q_lm, scaled so that q_lm =
 * 2z q_{l−1,m} − B q_{l−2,m}: one product fewer for every token and pair.
 */
export interface SpherePlan {
  readonly degree: number;
  /** Pairs (m, l): (degree+1)(degree+2)/2. */
  readonly pairs: number;
  /** q_mm = Q_mm, which does not depend on z. `[degree + 1]`. */
  readonly first: Float64Array;
  /**
   * `[pairs, 3]`: B; what the moment of q_lm is multiplied by in Z, w_l/s_lm² with the kernel's weight w_l = e^{−β}(2l+1) i_l(β);
   * and what that of q_{l,m−1} is multiplied by in the slopes, w_l f/(s_{l,m−1} s_lm) with dQ_{l,m−1}/dz = f Q_lm.
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
  // s_lm of this m and of m − 1.
  let scales = new Float64Array(degree + 1);
  let above = scales;
  let at = 0;
  for (let m = 0; m <= degree; m++) {
    [above, scales] = [scales, new Float64Array(degree + 1)];
    for (let l = m; l <= degree; l++, at += PLAN_STRIDE) {
      // Q_lm = ((2l − 1) z Q_{l−1,m} − √((l−1)² − m²) Q_{l−2,m})/√(l² − m²)
      const length = Math.sqrt(l * l - m * m);
      scales[l] = l > m ? (scales[l - 1] * 2 * length) / (2 * l - 1) : 1;
      if (l > m + 1) table[at] = (Math.sqrt((l - 1) ** 2 - m * m) / length) * (scales[l] / scales[l - 2]);
      table[at + 1] = weights[l] / scales[l] ** 2;
      if (m > 0) {
        const slope = Math.sqrt((m === 1 ? 0.5 : 1) * (l + m) * (l - m + 1));
        table[at + 2] = (weights[l] * slope) / (above[l] * scales[l]);
      }
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
