import { checkRange, checkWhole } from "../clouds/check-number.ts";
import { besselRatios } from "../engines/harmonic/bessel-ratios.ts";
import { logKernelMass } from "../engines/harmonic/log-kernel-mass.ts";

/** Linear growth of perturbations of the uniform cloud, without noise. Lists run along k = 1, 2 … */
export interface GrowthRates {
  readonly d: number;
  readonly beta: number;
  /** `null` where a rate overflows. */
  readonly usa: readonly (number | null)[];
  readonly sa: readonly number[];
  /** Natural logarithms of their sizes; `null` where the rate is 0 (k ≥ 2 at β = 0). */
  readonly logUsa: readonly (number | null)[];
  readonly logSa: readonly (number | null)[];
  /** The degree that grows fastest, over all k; the same for SA and USA. */
  readonly fastest: number;
}

/**
 * Growth rates of degree-k perturbations of the uniform measure on the unit sphere of R^d (BPA25a):
 * γ_k = (k(k+d−2)/β)·I_{k+ν}(β)/I_ν(β) for SA, ν = d/2 − 1, and Λ_0 times that for USA; γ_1 → (d−1)/d as β → 0. For β < 0 odd
 * degrees grow and even ones decay, as I_{k+ν}/I_ν has the sign (−1)^k there.
 *
 * @param d - ≥ 2.
 * @param beta - |β| ≤ 10⁶.
 * @param modes - How many k, 1 to 10⁶.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function growthRates(d: number, beta: number, modes: number): GrowthRates {
  checkWhole("d", d, 2);
  checkRange("beta", beta, -1e6, 1e6);
  checkWhole("kmax", modes, 1);
  checkRange("kmax", modes, 1, 1e6);
  const logSa = logRates(d, Math.abs(beta), modes);
  const mass = logKernelMass(d, beta);
  const logUsa = logSa.map((log) => log + mass);
  const sign = (j: number) => (beta < 0 && j % 2 === 1 ? -1 : 1);
  return {
    d,
    beta,
    usa: logUsa.map((log, j) => finiteOrNull(sign(j) * Math.exp(log))),
    sa: logSa.map((log, j) => sign(j) * Math.exp(log)),
    logUsa: logUsa.map(finiteOrNull),
    logSa: logSa.map(finiteOrNull),
    fastest: fastestMode(d, beta),
  };
}

/** argmax_k γ_k, by the sign of the difference to the next that grows: rates rise to one maximum and fall. */
export function fastestMode(d: number, beta: number): number {
  if (beta === 0) return 1;
  const size = Math.abs(beta);
  const enough = Math.ceil(2 * Math.sqrt(2 * size)) + 4;
  const ratios = besselRatios(d / 2 - 1, size, enough + 2);
  const next = beta > 0 ? 1 : 2;
  const rise = (k: number) =>
    (((k + next) * (k + next + d - 2)) / (k * (k + d - 2))) * (next === 1 ? ratios[k] : ratios[k] * ratios[k + 1]);
  let k = 1;
  while (k < enough && rise(k) > 1) k += next;
  return k;
}

/** log |γ_k| of SA at β ≥ 0, −∞ where the rate is 0. */
function logRates(d: number, beta: number, modes: number): number[] {
  if (beta === 0)
    return Array.from({ length: modes }, (_, j) => (j === 0 ? Math.log((d - 1) / d) : Number.NEGATIVE_INFINITY));
  const ratios = besselRatios(d / 2 - 1, beta, modes);
  let log = -Math.log(beta);
  return Array.from(ratios, (ratio, j) => {
    log += Math.log(ratio);
    return log + Math.log((j + 1) * (j + d - 1));
  });
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
