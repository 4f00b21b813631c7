import { checkRange, checkWhole } from "../clouds/check-number.ts";
import { findDynamics } from "../dynamics/dynamics-table.ts";
import type { EngineKindChoice } from "../engines/choose-engine.ts";
import { checkSimulation } from "../simulate/check.ts";
import type { CensusOptions, ClusterCensus } from "./cluster-census.ts";
import { inOrder } from "./in-order.ts";
import { localHelper } from "./local-helper.ts";
import { shareJobs } from "./share-jobs.ts";
import { jobsOf, type StartHelper, type SweepTask } from "./sweep-task.ts";

/** What `sweepClusters` counts: clusters of the same uniform starts at every β. */
export interface ClusterSweepOptions
  extends Required<Pick<CensusOptions, "dynamics" | "n" | "d" | "seeds" | "firstSeed" | "thresholds">>,
    Pick<CensusOptions, "params" | "maxSteps" | "signal"> {
  /** Default `auto`: by size. */
  readonly engine?: EngineKindChoice | undefined;
  /** At which clusters are counted: sorted, finite, ≥ 0. */
  readonly times: readonly number[];
  /** Those that are to be done. */
  readonly betas: readonly number[];
  /** Relative and absolute. */
  readonly rtol: number;
}

/** Who is told what happens on the way. */
export interface ClusterSweepObserver {
  /** Called with the clusters of every β, in their order. */
  readonly row: (beta: number, census: ClusterCensus) => void;
  /** Called with the fraction of the work done. */
  readonly progress?: (fraction: number) => void;
}

/** Starts in a job: each may take seconds, so that few of them keep all helpers at work to the end. */
const JOB_STARTS = 8;

/**
 * Clusters over starts at many β, by helpers as `sweep` has them.
 *
 * @param helpers - Who does the work: by default this thread alone. What is counted does not depend on how many there are.
 * @throws TokensphereError `usage` for options, `input` for parameters, `environment` without an engine.
 */
export async function sweepClusters(
  options: ClusterSweepOptions,
  { row, progress = () => {} }: ClusterSweepObserver,
  helpers: readonly StartHelper[] = [localHelper],
): Promise<void> {
  checkClusterSweep(options);
  const { betas, seeds, signal } = options;
  const task = taskOf(options);
  const jobs = betas.flatMap((beta) => jobsOf(beta, seeds, JOB_STARTS));
  let done = 0;
  const keep = inOrder<ClusterCensus>(jobs.length / betas.length, (parts) => row(betas[done++], joined(parts)));
  const started = helpers.map((start) => start(task, signal));
  await shareJobs("census", jobs, started, keep, progress);
}

/** Checks everything that can be checked before work. Throws what `sweepClusters` throws. */
export function checkClusterSweep(options: Omit<ClusterSweepOptions, "rtol"> & { readonly rtol?: number }): void {
  const { n, betas, seeds, firstSeed, thresholds } = options;
  checkWhole("n", n, 2);
  checkWhole("seeds", seeds, 1);
  checkRange("last seed", firstSeed + seeds - 1, 0, 0xffffffff);
  for (const level of thresholds) checkRange("clusters", level, -1 + Number.EPSILON, 1 - Number.EPSILON);
  checkSimulation({ ...options, systems: betas.map((beta) => ({ beta, x0: new Float64Array() })) });
}

function taskOf({ dynamics, times, thresholds, rtol, engine = "auto", ...options }: ClusterSweepOptions): SweepTask {
  const { n, d, params, seeds, firstSeed, maxSteps } = options;
  return {
    ...{ n, d, params, seeds, firstSeed, maxSteps, engine, rtol, atol: rtol },
    dynamics: typeof dynamics === "string" ? dynamics : findDynamics(dynamics),
    times: [...times],
    // Pairs are not counted.
    threshold: 0,
    clusters: thresholds,
    precision: "float64",
    threads: 1,
  };
}

/** Parts in the order of their starts. */
function joined(parts: readonly ClusterCensus[]): ClusterCensus {
  return {
    starts: parts[0].starts.map((_, h) => parts.flatMap(({ starts }) => starts[h])),
    failures: parts.flatMap(({ failures }) => failures),
  };
}
