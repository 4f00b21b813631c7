import { TokensphereError } from "../../models/errors.ts";
import { checkRange, checkTimes } from "../clouds/check-number.ts";
import { logIntegral } from "./integral.ts";
import { logAddExp, logOnePlusExp } from "./log-sums.ts";
import { solveOde } from "./solve-ode.ts";

/** Which two clusters. */
export interface TwoClusters {
  /** Default `sa`. */
  readonly dynamics?: "sa" | "usa" | undefined;
  /** Mass of the first, of 1 in all. Default ½. */
  readonly mass?: number | undefined;
}

/** Two clusters, and when they are looked at. */
export interface TwoClusterOptions extends TwoClusters {
  /** |β| ≤ 300. */
  readonly beta: number;
  /** Angle at t = 0, 0 < φ0 < π. */
  readonly phi0: number;
  /** Sorted, ≥ 0. */
  readonly times: ArrayLike<number>;
}

/** Of log tan(φ/2), a step. */
const TOLERANCE = 1e-12;

/**
 * Time in which two clusters of masses a1 + a2 = 1 come from the angle φ0 to φ1 (R §5). With w = e^{β(cos φ − 1)},
 * φ̇ = −sin φ [a2 w/(a1 + a2 w) + a1 w/(a2 + a1 w)] under SA and φ̇ = −sin φ e^{β cos φ} under USA. For equal masses under SA
 * ∫ (e^{β(1−cos p)} + 1)/(2 sin p) dp, of order e^{β(1−cos φ0)}.
 *
 * @param beta - |β| ≤ 10⁶. Where the time overflows see `logTwoClusterLifetime`.
 * @param phi0 - 0 < φ1 ≤ φ0 < π.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function twoClusterLifetime(beta: number, phi0: number, phi1: number, clusters: TwoClusters = {}): number {
  return Math.exp(logTwoClusterLifetime(beta, phi0, phi1, clusters));
}

/** The natural logarithm of `twoClusterLifetime`; −∞ where φ0 = φ1. */
export function logTwoClusterLifetime(beta: number, phi0: number, phi1: number, clusters: TwoClusters = {}): number {
  checkRange("beta", beta, -1e6, 1e6);
  checkRange("phi1", phi1, Number.MIN_VALUE, phi0);
  checkRange("phi0", phi0, phi1, Math.PI - 1e-15);
  const logRate = logClosingRate(beta, clusters);
  // In log tan(p/2) the factor 1/sin p is gone.
  return logIntegral((s) => -logRate(s), Math.log(Math.tan(phi1 / 2)), Math.log(Math.tan(phi0 / 2)));
}

/**
 * The angle between two clusters at the times.
 *
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function twoClusterAngles({ beta, phi0, times, ...clusters }: TwoClusterOptions): number[] {
  checkRange("beta", beta, -300, 300);
  checkRange("phi0", phi0, Number.MIN_VALUE, Math.PI - 1e-15);
  checkTimes(times);
  const logRate = logClosingRate(beta, clusters);
  const start = [Math.log(Math.tan(phi0 / 2))];
  return solveOde((_t, [s]) => [-Math.exp(logRate(s))], start, 0, times, TOLERANCE).map(
    ([s]) => 2 * Math.atan(Math.exp(s)),
  );
}

/** log −ds/dt as a function of s = log tan(φ/2), whose derivative is φ̇/sin φ. */
function logClosingRate(beta: number, { dynamics = "sa", mass = 0.5 }: TwoClusters): (s: number) => number {
  if (dynamics !== "sa" && dynamics !== "usa")
    throw new TokensphereError("usage", `dynamics: ${dynamics}. use sa or usa`);
  checkRange("mass", mass, Number.MIN_VALUE, 1 - Number.EPSILON / 2);
  const logOdds = Math.log(mass / (1 - mass));
  return (s) => {
    // 1 − cos φ = 2 sin²(φ/2).
    const drop = 2 / (1 + Math.exp(-2 * s));
    if (dynamics === "usa") return beta * (1 - drop);
    const logSlowness = beta * drop;
    return logAddExp(-logOnePlusExp(logSlowness + logOdds), -logOnePlusExp(logSlowness - logOdds));
  };
}
