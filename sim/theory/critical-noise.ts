import { checkRange, checkWhole } from "../clouds/check-number.ts";
import { besselRatios } from "../engines/harmonic/bessel-ratios.ts";
import { logKernelMass } from "../engines/harmonic/log-kernel-mass.ts";

/** κ above which the uniform cloud loses linear stability, and its natural logarithm. */
export interface CriticalNoise {
  /** Below 10⁻³⁰⁸ the values are 0: read the logarithms. */
  readonly usa: number;
  readonly sa: number;
  readonly logUsa: number;
  readonly logSa: number;
}

/**
 * Critical inverse temperature κ_# of the noisy dynamics (R §7): β/Λ_1 for USA, β I_ν(β)/I_{ν+1}(β) for SA; both → d as
 * β → 0 (noisy Kuramoto: 2). The same for −β, where I_{ν+1} changes its sign with β.
 *
 * @param d - ≥ 2.
 * @param signed - β, |β| ≤ 10⁶.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function criticalNoise(d: number, signed: number): CriticalNoise {
  checkWhole("d", d, 2);
  checkRange("beta", signed, -1e6, 1e6);
  const beta = Math.abs(signed);
  const logSa = beta === 0 ? Math.log(d) : Math.log(beta / besselRatios(d / 2 - 1, beta, 1)[0]);
  const logUsa = logSa - logKernelMass(d, beta);
  return { usa: Math.exp(logUsa), sa: Math.exp(logSa), logUsa, logSa };
}

/**
 * β_* up to which the transition at κ_# is continuous: I_{d/2+1}(β)/I_{d/2}(β) = 1/d (R §7). The ratio grows from 0 to 1, so
 * bisection finds it.
 *
 * @param d - ≥ 2.
 */
export function continuousUpTo(d: number): number {
  checkWhole("d", d, 2);
  let [low, high] = [0, 10];
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (besselRatios(d / 2, middle, 1)[0] < 1 / d) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
