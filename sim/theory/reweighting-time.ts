import { checkRange } from "../clouds/check-number.ts";
import { integral } from "./integral.ts";

/** Two clusters at rest that exchange mass. */
export interface ReweightingOptions {
  /** |β| ≤ 300. */
  readonly beta: number;
  /** Rate λ of reweighting, > 0. */
  readonly lambda: number;
  /** Angle between them. Default π: they do not move. */
  readonly phi?: number | undefined;
}

/**
 * Time in which the larger of two antipodal clusters grows from mass a0 to a1 under Fisher–Rao reweighting:
 * ȧ = λ a(1−a)(2a−1)(e^β − e^{β cos φ})/β, at φ = π with 2 sinh β/β (CPR25). In log((2a−1)/…) nothing is singular: by quadrature
 * in the log odds.
 *
 * @param a0 - Above ½.
 * @param a1 - From a0 on, below 1.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function reweightingTime({ beta, lambda, phi = Math.PI }: ReweightingOptions, a0: number, a1: number): number {
  checkRange("beta", beta, -300, 300);
  checkRange("lambda", lambda, Number.MIN_VALUE);
  checkRange("phi", phi, Number.MIN_VALUE, Math.PI);
  checkRange("mass", a0, 0.5 + Number.EPSILON, 1 - Number.EPSILON / 2);
  checkRange("end mass", a1, a0, 1 - Number.EPSILON / 2);
  const drop = -2 * Math.sin(phi / 2) ** 2;
  const pull = beta === 0 ? -drop : (-Math.exp(beta) * Math.expm1(beta * drop)) / beta;
  const odds = (a: number) => Math.log(a / (1 - a));
  // With x = log(a/(1−a)): da/(a(1−a)) = dx and 2a − 1 = tanh(x/2).
  return integral((x) => 1 / Math.tanh(x / 2), odds(a0), odds(a1)) / (lambda * pull);
}
