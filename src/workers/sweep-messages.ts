import type { SweepJob, SweepResult, SweepTask, SweepWork } from "../../sim/sweep/sweep-task.ts";
import type { ToldFailure } from "./told-failure.ts";

/** A task as plain data: what has functions goes by name. */
export interface SentTask {
  readonly task: SweepTask;
  /** Plugin files, absolute, one of which has the dynamics of that name; none: it is one of ours. */
  readonly plugins: readonly string[];
}

/** To the process of a helper: first what all jobs share, then one job at a time. */
export type ToHelper = SentTask | { readonly work: SweepWork; readonly job: SweepJob };

/** From it: how far a job has come, and what it came to. */
export type FromHelper =
  | { readonly progress: number }
  | { readonly result: SweepResult<SweepWork> }
  | { readonly failure: ToldFailure };
