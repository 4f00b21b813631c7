/** Sums are brought back below this before they overflow. */
const LARGE = 1e200;

/**
 * log Λ_0, the log of the mean of e^{β⟨x,y⟩} over a uniform y on the unit sphere of R^d:
 * Λ_0 = Γ(d/2)(2/β)^{d/2−1} I_{d/2−1}(β) = ₀F₁(; d/2; β²/4), by its series, all of whose terms are positive.
 *
 * @param d - ≥ 2.
 * @param beta - ≥ 0.
 */
export function logKernelMass(d: number, beta: number): number {
  let term = 1;
  let sum = 1;
  let log = 0;
  for (let m = 1; term > 1e-17 * sum || m < beta / 2; m++) {
    term *= (beta * beta) / 4 / (m * (d / 2 + m - 1));
    sum += term;
    if (sum > LARGE) {
      sum /= LARGE;
      term /= LARGE;
      log += Math.log(LARGE);
    }
  }
  return log + Math.log(sum);
}
