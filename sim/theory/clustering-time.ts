import { checkRange, checkWhole } from "../clouds/check-number.ts";
import { logIntegral } from "./integral.ts";
import { logAddExp } from "./log-sums.ts";

/**
 * Time that an equiangular cloud takes from ρ0 to ρ under Post-LN (R §6):
 * ∫ (e^{β(1−s)}+n−1)/(2(1−s)((n−1)s+1)) ds for SA, (n/2)∫ e^{−βs}/((1−s)((n−1)s+1)) ds for USA; in the variable
 * log(1 − s) the integrand is smooth up to ρ → 1. The other schemes: `schemeClusteringTime`.
 *
 * @param n - ≥ 2.
 * @param beta - |β| ≤ 10⁶. Where the time overflows or vanishes, see `logClusteringTime`.
 * @param rho0 - Above −1/(n−1).
 * @param rho - From ρ0 on, below 1.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function clusteringTime(dynamics: "sa" | "usa", n: number, beta: number, rho0: number, rho: number): number {
  return Math.exp(logClusteringTime(dynamics, n, beta, rho0, rho));
}

/** The natural logarithm of `clusteringTime`; −∞ where ρ = ρ0. */
export function logClusteringTime(dynamics: "sa" | "usa", n: number, beta: number, rho0: number, rho: number): number {
  checkWhole("n", n, 2);
  checkRange("beta", beta, -1e6, 1e6);
  checkRange("rho", rho, rho0, 1 - Number.EPSILON / 2);
  checkRange("rho0", rho0, -1 / (n - 1) + Number.EPSILON, 1);
  const logIntegrand = (log: number) => {
    const gap = Math.exp(log);
    const slowness = dynamics === "sa" ? logAddExp(beta * gap, Math.log(n - 1)) : Math.log(n) - beta * (1 - gap);
    return slowness - Math.log(2 * ((n - 1) * (1 - gap) + 1));
  };
  return logIntegral(logIntegrand, Math.log1p(-rho), Math.log1p(-rho0));
}
