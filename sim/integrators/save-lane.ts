import type { Outcome } from "../system-result.ts";
import { denseWeights } from "./check-tableau.ts";
import { linearCombination } from "./linear-combination.ts";
import { mergeDistance } from "./merge-tokens.ts";
import { renormalise } from "./renormalise.ts";
import { type Run, tallyOf, tellProgress } from "./run.ts";
import { scaledTime, unscaledTime } from "./scaled-time.ts";

/** A save time this close to the end of a step, in steps, is that end. */
const SAME_TIME = 1e-9;

/**
 * Saves every wanted time up to the end of the step of length `h` from the lane's `tau`, by the dense output. `h` = 0:
 * the state as it is.
 */
export function saveThrough(run: Run, lane: number, h: number): Outcome | null {
  const { lanes, saving } = run;
  const tau = lanes.tau[lane];
  const reach = tau + h + SAME_TIME * h;
  while (lanes.timeIndex[lane] < saving.times.length) {
    const wanted = scaledTime(saving.times[lanes.timeIndex[lane]], lanes.logScale[lane]);
    if (wanted > reach) return null;
    const theta = h > 0 ? Math.min(1, (wanted - tau) / h) : 0;
    if (!saveOne(run, lane, theta === 0 ? stateOf(run, lane) : interpolate(run, lane, theta, h)))
      return "stopped by condition";
  }
  return "reached the end";
}

/**
 * Where a contracting cloud has become a point, saves it at all the times that remain: it stays in its own convex hull, so
 * the error is below its diameter, a few tolerances.
 */
export function saveRest(run: Run, lane: number): Outcome | null {
  const { lanes, saving, problem } = run;
  const x = stateOf(run, lane);
  if (!problem.contracts || !isPoint(x, problem.n, problem.d, mergeDistance(run))) return null;
  tallyOf(run, lane).restTime = unscaledTime(lanes.tau[lane], lanes.logScale[lane]);
  while (lanes.timeIndex[lane] < saving.times.length) {
    if (!saveOne(run, lane, x)) return "stopped by condition";
  }
  return "reached the end";
}

function stateOf({ lanes }: Run, lane: number): Float64Array {
  return lanes.x.subarray(lane * lanes.size, (lane + 1) * lanes.size);
}

function saveOne(run: Run, lane: number, x: Float64Array): boolean {
  const { lanes, saving } = run;
  tallyOf(run, lane).saved++;
  const goOn = saving.save(lanes.system[lane], lanes.timeIndex[lane]++, x);
  tellProgress(run, 1);
  return goOn;
}

/** x(τ + θh), into the scratch state. */
function interpolate(run: Run, lane: number, theta: number, h: number): Float64Array {
  const { lanes, method, problem, scratch } = run;
  const weights = denseWeights(method.dense.weights, theta);
  linearCombination(scratch, 0, lanes.x, lanes.slopes, lane * lanes.size, weights, h, lanes.size);
  if (problem.geometry === "sphere") renormalise(scratch, 0, problem.n, problem.d, scratch);
  return scratch;
}

function isPoint(x: Float64Array, n: number, d: number, diameter: number): boolean {
  for (let i = 1; i < n; i++) {
    let squared = 0;
    for (let k = 0; k < d; k++) squared += (x[i * d + k] - x[k]) ** 2;
    if (!(squared <= diameter ** 2)) return false;
  }
  return true;
}
