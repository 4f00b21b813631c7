import { checkRange, checkWhole } from "../clouds/check-number.ts";
import { logKernelMass } from "../engines/harmonic/log-kernel-mass.ts";
import { integralByPieces } from "./integral.ts";

/** Points that look for where the mass lies, and pieces of ten points each that sum it up. */
const LOOKS = 2000;
const PIECES = 160;
/** Below e^{this} of the largest nothing counts. */
const LEAST = -60;

/**
 * E r², r = ‖Σ x_i‖/n, in the stationary law of n noisy tokens at β = 0, which is exp(κ n r²/2): how near n tokens stay to their
 * density for ever (propagation of chaos, uniform in time). By a Gaussian integral over ρ, E r² = ⟨ρ²⟩/κ² − d/(nκ) under
 * ρ^{d−1} e^{−nρ²/2κ} Λ_0(ρ)^n, Λ_0 = ₀F₁(; d/2; ρ²/4), I_0 at d = 2.
 *
 * @param n - 1 to 10⁸.
 * @param d - ≥ 2.
 * @param kappa - Inverse temperature, > 0.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function stationaryOrderSquared(n: number, d: number, kappa: number): number {
  checkWhole("n", n, 1);
  checkRange("n", n, 1, 1e8);
  checkWhole("d", d, 2);
  checkRange("kappa", kappa, Number.MIN_VALUE, 1e4);
  const logWeight = (rho: number) => (d - 1) * Math.log(rho) + n * (logKernelMass(d, rho) - (rho * rho) / (2 * kappa));
  const [from, to, most] = support(logWeight, reach(n, d, kappa));
  const weight = (rho: number) => Math.exp(logWeight(rho) - most);
  const mass = integralByPieces(weight, from, to, PIECES);
  const square = integralByPieces((rho) => rho * rho * weight(rho), from, to, PIECES);
  return square / mass / kappa ** 2 - d / (n * kappa);
}

/** log Λ_0 ≤ ρ: beyond this the weight has fallen for good. */
function reach(n: number, d: number, kappa: number): number {
  return 2 * kappa + 12 * Math.sqrt((kappa * (d + 12)) / n) + 1e-6;
}

/** Where the weight counts, and its largest logarithm: looked for twice, the second time within what counts. */
function support(logWeight: (rho: number) => number, most: number): [number, number, number] {
  let [from, to, largest] = [0, most, Number.NEGATIVE_INFINITY];
  for (let look = 0; look < 3; look++) {
    const width = (to - from) / LOOKS;
    const at = (p: number) => from + p * width;
    const logs = Array.from({ length: LOOKS }, (_, p) => logWeight(at(p + 1)));
    largest = logs.reduce((a, b) => Math.max(a, b));
    const first = logs.findIndex((log) => log > largest + LEAST);
    const last = logs.findLastIndex((log) => log > largest + LEAST);
    [from, to] = [at(first), at(Math.min(LOOKS, last + 2))];
  }
  return [from, to, largest];
}
