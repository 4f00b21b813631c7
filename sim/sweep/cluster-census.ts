import { randomSource } from "../../models/random.ts";
import { linkedClusters } from "../clouds/linked-clusters.ts";
import { renormalize } from "../clouds/renormalize.ts";
import { uniformCloud } from "../clouds/uniform-cloud.ts";
import { findDynamics } from "../dynamics/dynamics-table.ts";
import type { EventRule } from "../events/event.ts";
import type { Outcome } from "../integrators/system-result.ts";
import type { SimulateOptions } from "../simulate/options.ts";
import { simulate } from "../simulate/simulate.ts";

/** Which starts, and what links tokens. */
export interface CensusOptions
  extends Pick<
    SimulateOptions,
    "dynamics" | "params" | "n" | "d" | "times" | "engine" | "rtol" | "atol" | "maxSteps" | "threads" | "signal"
  > {
  readonly beta: number;
  /** Uniform starts, of the seeds from `firstSeed` on. */
  readonly seeds: number;
  readonly firstSeed: number;
  /** Cosines from which tokens are linked, each above −1 and below 1. */
  readonly thresholds: readonly number[];
}

/** What became of one start at one threshold. */
export interface StartCensus {
  /** Sizes of the clusters at each time, largest first. */
  readonly sizes: readonly (readonly number[])[];
  /** When the first pair met that had not met at the start, and when all were one; `null`: not within the times, or not looked for. */
  readonly firstMerge: number | null;
  readonly lastMerge: number | null;
}

/** One β: a list of starts for each threshold. Starts that did not reach the last time count nowhere. */
export interface ClusterCensus {
  readonly starts: readonly (readonly StartCensus[])[];
  readonly failures: readonly Outcome[];
}

/** Tokens beyond which merges are not looked for: each look is at all pairs. */
export const MERGING_TOKENS = 256;

/**
 * Clusters of many uniform starts at one β (BPA25a; R §4): how many there are at each time, of how many tokens, and when they merge.
 *
 * @param progress - Called with the fraction of the work done.
 * @throws TokensphereError `usage` for options, `input` for parameters, `environment` without an engine.
 */
export async function clusterCensus(
  options: CensusOptions,
  progress: (fraction: number) => void = () => {},
): Promise<ClusterCensus> {
  const { n, d, beta, seeds, firstSeed, thresholds, ...rest } = options;
  const looks = thresholds.map((level): EventRule => ({ kind: "merge", level }));
  const systems = Array.from({ length: seeds }, (_, s) => ({
    beta,
    x0: uniformCloud(n, d, randomSource(firstSeed + s)).x,
  }));
  const sizes = systems.map(() => thresholds.map((): number[][] => []));
  const free = findDynamics(options.dynamics).geometry !== "sphere";
  // Reduced clouds have min(n, d) coordinates.
  const measures = new Map<number, readonly ((x: Float64Array) => number[])[]>();
  const results = await simulate(
    { ...rest, n, d, systems, events: n <= MERGING_TOKENS ? looks : [] },
    {
      save: (system, _index, _t, cloud) => {
        const x = Float64Array.from(cloud.x);
        if (free) renormalize(x, 0, n, cloud.d, x);
        const known = measures.get(cloud.d) ?? thresholds.map((threshold) => linkedClusters(n, cloud.d, threshold));
        measures.set(cloud.d, known);
        known.forEach((measure, h) => void sizes[system][h].push(measure(x)));
      },
      progress,
    },
  );
  const done = results.flatMap(({ outcome }, s) => (outcome === "reached the end" ? [s] : []));
  const starts = thresholds.map((level, h) =>
    done.map((s): StartCensus => {
      const merges = results[s].events.filter((event) => event.level === level);
      const atStart = linkedAtStart(sizes[s][h][0], merges);
      return {
        sizes: sizes[s][h],
        firstMerge: merges[0]?.time ?? null,
        lastMerge: merges.find(({ clusters }) => clusters === 1)?.time ?? (atStart && n <= MERGING_TOKENS ? 0 : null),
      };
    }),
  );
  return { starts, failures: results.flatMap(({ outcome }) => (outcome === "reached the end" ? [] : [outcome])) };
}

/** Whether all tokens were linked before anything moved. */
function linkedAtStart(first: readonly number[], merges: readonly unknown[]): boolean {
  return first.length === 1 && merges.length === 0;
}
