import { renormalize } from "../clouds/renormalize.ts";
import { denseWeights } from "../methods/tableau.ts";
import { slopeSum } from "./linear-combination.ts";
import { mergeDistance } from "./merge-tokens.ts";
import { type Run, tallyOf, tellProgress } from "./run.ts";
import { scaledTime, unscaledTime } from "./scaled-time.ts";
import type { Outcome } from "./system-result.ts";

/** A save time this close to the end of a step, in steps, is that end. */
const SAME_TIME = 1e-9;

/**
 * Saves every wanted time up to the end of the step of length `h` from the lane's `tau`, by the dense output. `h` = 0:
 * the state as it is.
 *
 * @param most - The fraction of the step after which nothing is saved.
 */
export function saveThrough(run: Run, lane: number, h: number, most = 1): Outcome | null {
  const { lanes, saving } = run;
  while (lanes.timeIndex[lane] < saving.times.length) {
    const theta = nextTheta(run, lane, h);
    if (theta > most) return null;
    const x = h === 0 ? stateOf(run, lane) : interpolate(run, lane, theta, h);
    if (!saveOne(run, lane, x)) return "stopped by condition";
  }
  return "reached the end";
}

/** Whether somebody wants to see the inside of the step just tried. */
export function wantsInterpolation(run: Run, lane: number): boolean {
  const { lanes, saving } = run;
  if (saving.watch) return true;
  if (saving.follow && saving.substeps !== undefined && saving.substeps !== 1) return true;
  return lanes.timeIndex[lane] < saving.times.length && nextTheta(run, lane, lanes.step[lane]) < 1;
}

/** Where the next save lies in a step of length `h`, from 0 to 1; above 1 where it lies behind it. */
function nextTheta({ lanes, saving }: Run, lane: number, h: number): number {
  const ahead = scaledTime(saving.times[lanes.timeIndex[lane]], lanes.clock[lane]) - lanes.tau[lane];
  if (h === 0) return ahead > 0 ? Number.POSITIVE_INFINITY : 0;
  const theta = ahead / h;
  return Math.abs(theta - 1) <= SAME_TIME ? 1 : Math.max(0, theta);
}

/** Shows an accepted step of length `h` from the lane's `tau` to whoever follows it, by the dense output. */
export function followStep(run: Run, lane: number, h: number): Outcome | null {
  const { lanes, saving } = run;
  if (!saving.follow) return null;
  const { substeps = 1 } = saving;
  const { steps, rejected } = tallyOf(run, lane);
  const spent = (steps + rejected) / run.control.maxSteps;
  const looks = typeof substeps === "number" ? substeps : substeps(rmsMoved(run, lane));
  for (let s = 1; s <= looks; s++) {
    const theta = s / looks;
    const t = unscaledTime(lanes.tau[lane] + theta * h, lanes.clock[lane]);
    if (!saving.follow(lanes.system[lane], t, interpolate(run, lane, theta, h), spent)) return "stopped by condition";
  }
  return null;
}

/** How far the step just tried takes the tokens of a lane, root mean square. */
function rmsMoved({ lanes, problem }: Run, lane: number): number {
  const at = lane * lanes.size;
  let sum = 0;
  for (let m = at; m < at + lanes.size; m++) sum += (lanes.next[m] - lanes.x[m]) ** 2;
  return Math.sqrt(sum / problem.n);
}

/**
 * Where a contracting cloud has become a point, saves it at all the times that remain: it stays in its own convex hull, so
 * the error is below its diameter, a few tolerances.
 */
export function saveRest(run: Run, lane: number): Outcome | null {
  const { lanes, saving, problem } = run;
  const x = stateOf(run, lane);
  if (!problem.contracts || !isPoint(x, problem.n, problem.d, mergeDistance(run))) return null;
  tallyOf(run, lane).restTime = unscaledTime(lanes.tau[lane], lanes.clock[lane]);
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

/** x(τ + θh), into the scratch state. At θ = 1 it is the new state itself. */
export function interpolate(run: Run, lane: number, theta: number, h: number): Float64Array {
  const { lanes, method, problem } = run;
  const [out] = lanes.scratch;
  const at = lane * lanes.size;
  const weights = denseWeights(method.dense.weights, theta);
  if (theta === 1) out.set(lanes.next.subarray(at, at + lanes.size));
  else lanes.combine(out, 0, lanes.x, slopeSum(lanes.slopes, weights), at, h, lanes.size);
  if (problem.geometry === "sphere") renormalize(out, 0, problem.n, problem.d, out);
  return out;
}

function isPoint(x: Float64Array, n: number, d: number, diameter: number): boolean {
  for (let i = 1; i < n; i++) {
    let squared = 0;
    for (let k = 0; k < d; k++) squared += (x[i * d + k] - x[k]) ** 2;
    if (!(squared <= diameter ** 2)) return false;
  }
  return true;
}
