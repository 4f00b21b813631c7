import { checkRange } from "../clouds/check-number.ts";
import { checkEquiangular, type EquiangularOptions, piecesOf, rightHandSide } from "./equiangular.ts";
import { solveOde } from "./solve-ode.ts";

/** Of a step, in every unknown. */
const TOLERANCE = 1e-12;

/**
 * Time in which an equiangular cloud comes from ρ0 to ρ under any scheme of R §6.2, in the unit of `timeUnit`. log(1 − ρ) falls all
 * the way: it takes the place of time, which becomes an unknown beside the radius, so that no step looks for the end.
 *
 * @param rho - From ρ0 on, below 1.
 * @returns `null` where the time overflows.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function schemeClusteringTime(options: Omit<EquiangularOptions, "times">, rho: number): number | null {
  checkEquiangular(options);
  const { rho0, radius0 = 1 } = options;
  checkRange("rho", rho, rho0, 1 - Number.EPSILON / 2);
  const target = Math.log1p(-rho);
  let [t, log, radius] = [0, Math.log1p(-rho0), radius0];
  for (const { until, ...changes } of piecesOf({ ...options, times: [] })) {
    const velocity = rightHandSide({ ...options, ...changes, times: [] });
    const piece =
      until === Number.POSITIVE_INFINITY ? null : solveOde(velocity, [log, radius], t, [until], TOLERANCE)[0];
    if (piece && piece[0] > target) {
      [log, radius] = piece;
      t = until;
      continue;
    }
    // Per unit of −log(1 − ρ).
    const alongGap = (u: number, [time, r]: readonly number[]): readonly number[] => {
      const [fall, swelling] = velocity(time, [-u, r]);
      return [-1 / fall, -swelling / fall];
    };
    const [end] = solveOde(alongGap, [t, radius], -log, [-target], TOLERANCE);
    return Number.isFinite(end[0]) ? end[0] : null;
  }
  return null;
}
