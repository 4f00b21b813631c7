import { checkRange, checkWhole } from "../clouds/check-number.ts";
import { integral } from "./integral.ts";

/**
 * Time that an equiangular cloud takes from ρ0 to ρ under Post-LN (R §6):
 * ∫ (e^{β(1−s)}+n−1)/(2(1−s)((n−1)s+1)) ds for SA, (n/2)∫ e^{−βs}/((1−s)((n−1)s+1)) ds for USA; in the variable
 * log(1 − s) the integrand is smooth up to ρ → 1.
 *
 * @param n - ≥ 2.
 * @param beta - 0 ≤ β ≤ 300.
 * @param rho0 - Above −1/(n−1).
 * @param rho - From ρ0 on, below 1.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function clusteringTime(dynamics: "sa" | "usa", n: number, beta: number, rho0: number, rho: number): number {
  checkWhole("n", n, 2);
  checkRange("beta", beta, 0, 300);
  checkRange("rho", rho, rho0, 1 - Number.EPSILON / 2);
  checkRange("rho0", rho0, -1 / (n - 1) + Number.EPSILON, 1);
  const integrand = (log: number) => {
    const gap = Math.exp(log);
    const slowness = dynamics === "sa" ? Math.exp(beta * gap) + n - 1 : n * Math.exp(-beta * (1 - gap));
    return slowness / (2 * ((n - 1) * (1 - gap) + 1));
  };
  return integral(integrand, Math.log1p(-rho), Math.log1p(-rho0));
}
