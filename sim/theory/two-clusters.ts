import { checkRange } from "../check-number.ts";
import { integral } from "./integral.ts";

/**
 * Time in which two clusters of equal mass come from the angle φ0 to φ1 under SA (R §5):
 * ∫ (e^{β(1−cos p)} + 1)/(2 sin p) dp, of order e^{β(1−cos φ0)}.
 *
 * @param beta - 0 ≤ β ≤ 300.
 * @param phi0 - 0 < φ1 ≤ φ0 < π.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function twoClusterLifetime(beta: number, phi0: number, phi1: number): number {
  checkRange("beta", beta, 0, 300);
  checkRange("phi1", phi1, Number.MIN_VALUE, phi0);
  checkRange("phi0", phi0, phi1, Math.PI - 1e-15);
  // In log tan(p/2) the factor 1/sin p is gone.
  const integrand = (s: number) => {
    const sine = Math.sin(Math.atan(Math.exp(s)));
    return (Math.exp(2 * beta * sine * sine) + 1) / 2;
  };
  return integral(integrand, Math.log(Math.tan(phi1 / 2)), Math.log(Math.tan(phi0 / 2)));
}
