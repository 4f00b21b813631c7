import type { Lanes } from "./lanes.ts";
import { slopeSum } from "./linear-combination.ts";
import type { Run } from "./run.ts";
import { scaledTime } from "./scaled-time.ts";
import { evaluate } from "./slopes.ts";

/** Prepares lanes `from` … `to − 1`, just loaded: the first slope where it is kept from step to step, and the first step. */
export async function startSteps(run: Run, from: number, to: number): Promise<void> {
  const { lanes, control } = run;
  if (run.method.firstSameAsLast || control.step === null) await evaluate(run, from, to, 0, lanes.x, lanes.slopes[0]);
  if (control.step === null) return chooseSteps(run, from, to);
  for (let lane = from; lane < to; lane++) lanes.step[lane] = scaledTime(control.step, lanes.clock[lane]);
}

async function chooseSteps(run: Run, from: number, to: number): Promise<void> {
  const { lanes, control, method } = run;
  for (let lane = from; lane < to; lane++) probe(lanes, lane);
  await evaluate(run, from, to, 1, lanes.next, lanes.slopes[1]);
  const tolerance = control.atol + control.rtol;
  for (let lane = from; lane < to; lane++) {
    lanes.step[lane] = Math.min(firstStep(lanes, lane, tolerance, method.order), lanes.end[lane]);
  }
}

/** A small Euler step h0 = 0.01/max|v| to a point where the slope's change is seen; h0 is kept in `step`. */
function probe(lanes: Lanes, lane: number): void {
  const { size, slopes } = lanes;
  const fastest = largest(slopes[0], null, lane * size, size);
  lanes.step[lane] = fastest > 0 ? 0.01 / fastest : 1e-6;
  lanes.combine(lanes.next, lane * size, lanes.x, slopeSum(slopes, [1]), lane * size, lanes.step[lane], size);
}

/** The first step of Hairer, Nørsett & Wanner, Solving ODEs I, II.4, with entries in place of norms. */
function firstStep(lanes: Lanes, lane: number, tolerance: number, order: number): number {
  const { size, slopes } = lanes;
  const h0 = lanes.step[lane];
  const d1 = largest(slopes[0], null, lane * size, size) / tolerance;
  const d2 = largest(slopes[1], slopes[0], lane * size, size) / tolerance / h0;
  const steepest = Math.max(d1, d2);
  const h1 = steepest > 1e-15 ? (0.01 / steepest) ** (1 / (order + 1)) : Math.max(1e-6, h0 * 1e-3);
  return Math.min(100 * h0, h1);
}

/** max |u − v| over one system; v = 0 where it is null. */
function largest(u: Float64Array, v: Float64Array | null, at: number, size: number): number {
  let most = 0;
  for (let e = at; e < at + size; e++) most = Math.max(most, Math.abs(u[e] - (v ? v[e] : 0)));
  return most;
}
