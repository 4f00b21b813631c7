import { errorNorm } from "./error-norm.ts";
import { linearCombination, slopeSum } from "./linear-combination.ts";
import type { Run } from "./run.ts";

/**
 * Error of the step just tried by a lane, in units of the tolerance. A fixed step has no estimate: 0 where the new state is
 * finite, else NaN.
 */
export function stepError(run: Run, lane: number): number {
  const { lanes, method, problem, control, scratch } = run;
  const at = lane * lanes.size;
  const estimates = control.step === null ? method.errorWeights : [];
  for (const [i, weights] of estimates.entries()) {
    linearCombination(scratch[i], 0, null, slopeSum(lanes.slopes, weights), at, lanes.step[lane], lanes.size);
  }
  return errorNorm(scratch.slice(0, estimates.length), lanes.next, at, problem, control);
}
