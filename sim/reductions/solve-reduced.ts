import { checkTimes } from "../clouds/check-number.ts";
import type { Engine } from "../engines/contract/engine.ts";
import { integrate } from "../integrators/integrate.ts";
import type { Problem, Saving } from "../integrators/problem.ts";
import { dop853 } from "../methods/dop853.ts";

/** Error of a step in a row of the state, relative and absolute. */
const TOLERANCE = 1e-12;
const MOST_STEPS = 1_000_000;

/**
 * The states of a small closed system ẏ = e^{logScale} field(y) at the times, by the integrator of the clouds.
 *
 * @param y0 - `[rows, columns]`; errors are measured row by row.
 * @param field - Writes e^{−logScale} ẏ to its second argument.
 * @throws TokensphereError `usage` for times that are not sorted, finite and ≥ 0; Error where the end is not reached.
 */
export async function solveReduced(
  field: (y: Float64Array, out: Float64Array) => void,
  y0: Float64Array,
  rows: number,
  times: readonly number[],
  logScale = 0,
): Promise<Float64Array[]> {
  checkTimes(times);
  const engine: Engine = {
    name: "ts",
    velocity: (y, _beta, _logScale, _batch, out) => {
      field(y, out);
      return undefined;
    },
    release: async () => {},
  };
  const problem: Problem = {
    engine,
    geometry: "free",
    contracts: false,
    merges: false,
    samePoint: 0,
    n: rows,
    d: y0.length / rows,
    systems: [{ beta: 0, logScale, x0: y0 }],
  };
  const states: Float64Array[] = [];
  const save: Saving["save"] = (_system, index, y) => {
    states[index] = Float64Array.from(y);
    return true;
  };
  const control = { rtol: TOLERANCE, atol: TOLERANCE, step: null, maxSteps: MOST_STEPS };
  const saving = { times: Float64Array.from(times), save, progress: () => {} };
  const [{ outcome, message }] = await integrate(problem, dop853, control, saving, 1);
  if (outcome !== "reached the end") throw new Error(`reduction: ${outcome}. ${message}`);
  return states;
}
