import type { SimulationEvent } from "../events/event.ts";
import type { Method } from "../methods/tableau.ts";
import type { Lanes } from "./lanes.ts";
import type { Problem, Saving } from "./problem.ts";
import { unscaledTime } from "./scaled-time.ts";
import type { StepControl } from "./step-control.ts";
import { type Outcome, remedyOf, type SystemResult } from "./system-result.ts";

/** Counts of one system so far. */
export interface Tally {
  steps: number;
  rejected: number;
  evaluations: number;
  saved: number;
  restTime: number | null;
  readonly events: SimulationEvent[];
}

/** Everything an integration under way works on. */
export interface Run {
  readonly problem: Problem;
  readonly method: Method;
  readonly control: StepControl;
  readonly saving: Saving;
  readonly lanes: Lanes;
  readonly tallies: readonly Tally[];
  readonly results: (SystemResult | null)[];
  /** The next system to load. */
  queue: number;
  /** Saves done or given up, over all systems. */
  progressed: number;
}

/** A tally for each system, all 0. */
export function startTallies(systems: number): Tally[] {
  return Array.from({ length: systems }, () => ({
    steps: 0,
    rejected: 0,
    evaluations: 0,
    saved: 0,
    restTime: null,
    events: [],
  }));
}

/** That of the system in this lane. */
export function tallyOf(run: Run, lane: number): Tally {
  return run.tallies[run.lanes.system[lane]];
}

/** Writes the result of the system in this lane. The lane is still to be dropped. */
export function finishLane(run: Run, lane: number, outcome: Outcome): void {
  const { lanes, saving, control } = run;
  const system = lanes.system[lane];
  const time = outcome === "reached the end" ? saving.times.at(-1)! : unscaledTime(lanes.tau[lane], lanes.clock[lane]);
  run.results[system] = { outcome, message: remedyOf(outcome, control), time, ...run.tallies[system] };
  tellProgress(run, saving.times.length - lanes.timeIndex[lane]);
}

/** Adds to the saves done and tells, once per percent. */
export function tellProgress(run: Run, saves: number): void {
  const all = run.problem.systems.length * run.saving.times.length;
  const before = Math.floor((100 * run.progressed) / all);
  run.progressed += saves;
  if (Math.floor((100 * run.progressed) / all) > before) run.saving.progress(run.progressed / all);
}
