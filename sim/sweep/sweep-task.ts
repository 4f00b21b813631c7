import type { Precision } from "../../models/onnx/graph-builder.ts";
import type { Dynamics } from "../dynamics/dynamics.ts";
import type { EngineKindChoice } from "../engines/choose-engine.ts";
import type { SimulateOptions } from "../simulate/options.ts";
import type { SweepSums } from "./sweep-sums.ts";

/** What all jobs of a sweep share: plain data where dynamics and engine are names, so that it can be sent to other processes. */
export interface SweepTask
  extends Pick<SimulateOptions, "n" | "d" | "params" | "method" | "step" | "maxSteps" | "merge"> {
  readonly dynamics: string | Dynamics;
  readonly times: readonly number[];
  readonly seeds: number;
  readonly firstSeed: number;
  readonly threshold: number;
  readonly rtol: number;
  readonly atol: number;
  readonly precision: Precision;
  readonly engine: EngineKindChoice;
  readonly threads: number;
}

/** Starts `from` … `to − 1` at one β. */
export interface SweepJob {
  readonly beta: number;
  readonly from: number;
  readonly to: number;
}

/** Somebody who does jobs of one sweep, one at a time: this thread, or one elsewhere. */
export interface SweepHelper {
  readonly sums: (job: SweepJob, progress: (fraction: number) => void) => Promise<SweepSums>;
  /** Ends it, with the job it may be at. */
  readonly release: () => Promise<void>;
}

/** Makes a helper for a sweep. */
export type StartHelper = (task: SweepTask, signal: AbortSignal | undefined) => SweepHelper;

/** Starts in a job: few enough to share out and to report on, many enough to fill the lanes of an engine. */
const JOB_STARTS = 256;

/** All jobs at one β. They do not depend on how many helpers there are. */
export function jobsOf(beta: number, seeds: number): SweepJob[] {
  return Array.from({ length: Math.ceil(seeds / JOB_STARTS) }, (_, k) => ({
    beta,
    from: k * JOB_STARTS,
    to: Math.min(seeds, (k + 1) * JOB_STARTS),
  }));
}
