import { checkRange, checkWhole } from "../clouds/check-number.ts";

/** Rates of log ‖x_1 − x_2‖ for tokens that are close, all moved by one noise. */
export interface CommonNoise {
  /** Without attention. */
  readonly noise: number;
  readonly withSa: number;
  /** −∞ where it overflows. */
  readonly withUsa: number;
}

/**
 * Common noise dX_i = √(2σ) P_{X_i} ∘ dB with one B for all tokens pulls them together: log ‖x_1 − x_2‖ falls at (d − 1)σ, and
 * attention adds the rate of a tight cluster, 1 for SA and e^β for USA.
 *
 * @param d - ≥ 2.
 * @param sigma - ≥ 0.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function commonNoise(d: number, sigma: number, beta: number): CommonNoise {
  checkWhole("d", d, 2);
  checkRange("sigma", sigma, 0);
  checkRange("beta", beta, -1e6, 1e6);
  const noise = -(d - 1) * sigma;
  return { noise, withSa: noise - 1, withUsa: noise - Math.exp(beta) };
}
