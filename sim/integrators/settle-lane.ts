import { renormalize } from "../clouds/renormalize.ts";
import { dropLane } from "./lanes.ts";
import { mergeTokens } from "./merge-tokens.ts";
import { finishLane, type Run, tallyOf } from "./run.ts";
import { followStep, saveRest, saveThrough } from "./save-lane.ts";
import { growth, shrinkage } from "./step-control.ts";
import type { Outcome } from "./system-result.ts";
import { watchStep } from "./watch-lane.ts";

/** Scaled time e^{logScale} t beyond this is not followed: the next steps would overflow. */
const LATEST = 1e300;

/** Accepts or rejects the step that a lane has just tried; frees the lane where its system is done. */
export function settleLane(run: Run, lane: number): void {
  const error = run.lanes.error[lane];
  const outcome = error <= 1 ? accept(run, lane, error) : reject(run, lane, error);
  if (!outcome) return;
  finishLane(run, lane, outcome);
  dropLane(run.lanes, lane);
}

function accept(run: Run, lane: number, error: number): Outcome | null {
  const { lanes, control, method } = run;
  const tally = tallyOf(run, lane);
  const h = lanes.step[lane];
  tally.steps++;
  const stop = watchStep(run, lane, h);
  const outcome = followStep(run, lane, h) ?? saveThrough(run, lane, h, stop ?? 1);
  if (stop !== null) return endAt(run, lane, stop * h, outcome);
  moveOn(run, lane, control.step === null ? lanes.tau[lane] + h : tally.steps * h);
  if (outcome) return outcome;
  mergeTokens(run, lane);
  if (control.step === null) {
    const wanted = h * growth(error, lanes.lastError[lane], method.order);
    lanes.step[lane] = Math.min(wanted, lanes.end[lane] - lanes.tau[lane]);
    lanes.lastError[lane] = error;
  }
  return saveRest(run, lane) ?? (lanes.tau[lane] > LATEST ? "time overflow" : overLimit(run, lane));
}

/** Ends a system within its step, at a terminal event. */
function endAt({ lanes }: Run, lane: number, ahead: number, outcome: Outcome | null): Outcome {
  lanes.tau[lane] += ahead;
  return outcome ?? "event";
}

/** The state after the step becomes the state; on the sphere its rows are made unit again. */
function moveOn(run: Run, lane: number, tau: number): void {
  const { lanes, method, problem } = run;
  const at = lane * lanes.size;
  lanes.tau[lane] = tau;
  if (problem.geometry === "sphere") renormalize(lanes.next, at, problem.n, problem.d, lanes.next);
  lanes.x.set(lanes.next.subarray(at, at + lanes.size), at);
  if (!method.firstSameAsLast) return;
  // The field is that of the directions, so the slope at the unnormalized end is the slope here.
  lanes.slopes[0].set(lanes.slopes[method.stages - 1].subarray(at, at + lanes.size), at);
}

/**
 * A step may be below the resolution of time: when two clusters that took 10³⁰ to approach meet, they do so in no time at
 * all, and the step counts though τ does not move.
 */
function reject(run: Run, lane: number, error: number): Outcome | null {
  const { lanes, control, method } = run;
  tallyOf(run, lane).rejected++;
  if (control.step !== null) return "blow-up";
  const h = lanes.step[lane] * shrinkage(error, method.order);
  lanes.step[lane] = h;
  if (Number.isNaN(error) && lanes.tau[lane] + h === lanes.tau[lane]) return "blow-up";
  if (h === 0) return "step underflow";
  return overLimit(run, lane);
}

function overLimit(run: Run, lane: number): Outcome | null {
  const { steps, rejected } = tallyOf(run, lane);
  return steps + rejected >= run.control.maxSteps ? "step limit" : null;
}
