import { setImmediate } from "node:timers/promises";
import { seeStart } from "../events/watch.ts";
import type { Method } from "../methods/tableau.ts";
import { stepError } from "./error-norm.ts";
import { startSteps } from "./initial-step.ts";
import { dropLane, makeLanes } from "./lanes.ts";
import type { Problem, Saving } from "./problem.ts";
import { finishLane, type Run, startTallies } from "./run.ts";
import { saveRest, saveThrough, wantsInterpolation } from "./save-lane.ts";
import { scaledTime } from "./scaled-time.ts";
import { settleLane } from "./settle-lane.ts";
import { computeExtraStages, computeStages } from "./slopes.ts";
import type { StepControl } from "./step-control.ts";
import type { SystemResult } from "./system-result.ts";

/** Steps between two looks at the event loop, so that timers and signals live beside an engine that never waits. */
const BREATH = 64;

/**
 * Integrates many systems in lockstep, each with its own time and step:
 *
 *     queue ──load──▶ lanes ──stages──▶ error ──accept──▶ save between, renormalize ──▶ lanes ──end──▶ result
 *                       ▲                  └──reject──▶ smaller step ──────────────────────┘
 *
 * Systems that are done leave their lane to the next in the queue. A system's result does not depend on its neighbours.
 *
 * @param capacity - Systems side by side.
 * @returns One result a system, in the order of `problem.systems`.
 */
export async function integrate(
  problem: Problem,
  method: Method,
  control: StepControl,
  saving: Saving,
  capacity: number,
  signal?: AbortSignal,
): Promise<SystemResult[]> {
  const run = startRun(problem, method, control, saving, capacity);
  for (let round = 1; ; round++) {
    signal?.throwIfAborted();
    await fillLanes(run);
    if (run.lanes.active === 0) break;
    await computeStages(run);
    for (let lane = 0; lane < run.lanes.active; lane++) run.lanes.error[lane] = stepError(run, lane);
    if (wantsExtraStages(run)) await computeExtraStages(run);
    for (let lane = run.lanes.active - 1; lane >= 0; lane--) settleLane(run, lane);
    if (round % BREATH === 0) await setImmediate();
  }
  return run.results as SystemResult[];
}

function startRun(problem: Problem, method: Method, control: StepControl, saving: Saving, capacity: number): Run {
  const lanes = makeLanes(Math.min(capacity, problem.systems.length), problem.n, problem.d, method.allStages);
  return {
    problem,
    method,
    control,
    saving,
    lanes,
    tallies: startTallies(problem.systems.length),
    results: new Array(problem.systems.length).fill(null),
    queue: 0,
    progressed: 0,
  };
}

/** Whether any accepted step has a save inside and the method needs more slopes for that. */
function wantsExtraStages(run: Run): boolean {
  const { lanes, method } = run;
  if (method.allStages === method.stages) return false;
  for (let lane = 0; lane < lanes.active; lane++) {
    if (lanes.error[lane] <= 1 && wantsInterpolation(run, lane)) return true;
  }
  return false;
}

/** Loads waiting systems into free lanes; all times that are 0 are saved here. */
async function fillLanes(run: Run): Promise<void> {
  const { lanes, problem } = run;
  const first = lanes.active;
  while (lanes.active < lanes.capacity && run.queue < problem.systems.length) loadLane(run, run.queue++);
  if (lanes.active > first) await startSteps(run, first, lanes.active);
}

function loadLane(run: Run, system: number): void {
  const { lanes, problem, saving } = run;
  const lane = lanes.active++;
  const { beta, logScale, clock = logScale, x0 } = problem.systems[system];
  lanes.x.set(x0, lane * lanes.size);
  lanes.beta[lane] = beta;
  lanes.logScale[lane] = logScale;
  lanes.clock[lane] = clock;
  lanes.tau[lane] = 0;
  lanes.lastError[lane] = 1;
  lanes.system[lane] = system;
  lanes.timeIndex[lane] = 0;
  lanes.merged[lane] = 0;
  for (let i = 0; i < problem.n; i++) lanes.leaders[lane * problem.n + i] = i;
  lanes.end[lane] = scaledTime(saving.times.at(-1)!, clock);
  if (saving.watch) seeStart(saving.watch, system, x0);
  const outcome = saveThrough(run, lane, 0) ?? saveRest(run, lane);
  if (outcome) {
    finishLane(run, lane, outcome);
    dropLane(lanes, lane);
  }
}
