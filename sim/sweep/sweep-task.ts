import type { Precision } from "../../models/onnx/graph-builder.ts";
import type { Dynamics } from "../dynamics/dynamics.ts";
import type { EngineKindChoice } from "../engines/choose-engine.ts";
import type { SimulateOptions } from "../simulate/options.ts";
import type { ClusterCensus } from "./cluster-census.ts";
import type { SweepSums } from "./sweep-sums.ts";

/** What all jobs of a sweep share: plain data where dynamics and engine are names, so that it can be sent to other processes. */
export interface SweepTask
  extends Pick<SimulateOptions, "n" | "d" | "params" | "method" | "step" | "maxSteps" | "merge"> {
  readonly dynamics: string | Dynamics;
  readonly times: readonly number[];
  readonly seeds: number;
  readonly firstSeed: number;
  readonly threshold: number;
  /** Cosines from which tokens are linked, where clusters are counted. */
  readonly clusters?: readonly number[];
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
  /** Clusters in the place of pairs. */
  readonly census: (job: SweepJob, progress: (fraction: number) => void) => Promise<ClusterCensus>;
  /** Ends it, with the job it may be at. */
  readonly release: () => Promise<void>;
}

/** What a helper can be asked for, and what it comes to. */
export type SweepWork = "sums" | "census";
export type SweepResult<Work extends SweepWork> = Awaited<ReturnType<SweepHelper[Work]>>;

/** Makes a helper for a sweep. */
export type StartHelper = (task: SweepTask, signal: AbortSignal | undefined) => SweepHelper;

/** Starts in a job of pairs: few enough to share out and to report on, many enough to fill the lanes of an engine. */
const JOB_STARTS = 256;

/** All jobs at one β. They do not depend on how many helpers there are. */
export function jobsOf(beta: number, seeds: number, starts = JOB_STARTS): SweepJob[] {
  return Array.from({ length: Math.ceil(seeds / starts) }, (_, k) => ({
    beta,
    from: k * starts,
    to: Math.min(seeds, (k + 1) * starts),
  }));
}
