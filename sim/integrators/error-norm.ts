import { slopeSum } from "./linear-combination.ts";
import type { Problem } from "./problem.ts";
import type { Run } from "./run.ts";
import type { StepControl } from "./step-control.ts";

/**
 * Error of the step just tried by a lane, in units of the tolerance. A fixed step has no estimate: 0 where the new state is
 * finite, else NaN.
 */
export function stepError(run: Run, lane: number): number {
  const { lanes, method, problem, control } = run;
  const { scratch } = lanes;
  const at = lane * lanes.size;
  const estimates = control.step === null ? method.errorWeights : [];
  for (const [i, weights] of estimates.entries()) {
    lanes.combine(scratch[i], 0, null, slopeSum(lanes.slopes, weights), at, lanes.step[lane], lanes.size);
  }
  return errorNorm(scratch.slice(0, estimates.length), lanes.next, at, problem, control);
}

/**
 * The largest error of any token, in units of its tolerance. On the sphere the part of an error along the token is
 * nothing (renormalizing removes it), so the tangent part is measured.
 *
 * @param estimates - One or two differences `[n, d]` between embedded solutions, the better one first; none: 0.
 * @param x - The new state; rows `[n, d]` from `at`.
 * @returns NaN where anything is, or where the state is not finite.
 */
export function errorNorm(
  estimates: readonly Float64Array[],
  x: Float64Array,
  at: number,
  { n, d, geometry }: Pick<Problem, "n" | "d" | "geometry">,
  { rtol, atol }: Pick<StepControl, "rtol" | "atol">,
): number {
  const [better, other] = estimates;
  let worst = 0;
  for (let i = 0; i < n; i++) {
    let xx = 0;
    for (let k = 0; k < d; k++) xx += x[at + i * d + k] ** 2;
    if (!(xx < Number.POSITIVE_INFINITY)) return Number.NaN;
    const along = geometry === "sphere" ? 1 / xx : 0;
    const squared = better ? squaredError(better, x, at, i, d, along) : 0;
    const joined = other ? combine(squared, squaredError(other, x, at, i, d, along)) : squared;
    const scaled = Math.sqrt(joined) / (atol + rtol * Math.sqrt(xx));
    if (Number.isNaN(scaled)) return Number.NaN;
    if (scaled > worst) worst = scaled;
  }
  return worst;
}

/** ‖e_i‖² less its part along x_i. */
function squaredError(error: Float64Array, x: Float64Array, at: number, i: number, d: number, along: number): number {
  let ee = 0;
  let ex = 0;
  for (let k = 0; k < d; k++) {
    const e = error[i * d + k];
    ee += e * e;
    ex += e * x[at + i * d + k];
  }
  return Math.max(0, ee - ex * ex * along);
}

/** Two estimates e, f are joined as ‖e‖⁴/(‖e‖² + ‖f‖²/100) (Hairer, Nørsett & Wanner, Solving ODEs I, II.10). */
function combine(e: number, f: number): number {
  return e === 0 ? e : (e * e) / (e + 0.01 * f);
}
