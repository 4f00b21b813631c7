import { leastSquaresSlope } from "./least-squares-slope.ts";

/**
 * r of the law e^{−rt} through the later half of some values, by least squares in logarithms.
 *
 * @param values - Along `times`; those not above `least` are rounding, and left out.
 * @returns `null` where fewer than two are left.
 */
export function fallRate(times: readonly number[], values: readonly number[], least: number): number | null {
  const later = times.flatMap((_, t) => (t >= Math.floor(times.length / 2) - 1 && values[t] > least ? [t] : []));
  const slope = leastSquaresSlope(
    later.map((t) => times[t]),
    later.map((t) => Math.log(values[t])),
  );
  return slope === null ? null : -slope;
}
