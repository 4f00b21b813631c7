import type { z } from "zod";
import { proportionInterval } from "../../probes/numerics/proportion-interval.ts";
import type { StartCensus } from "../../sim/sweep/cluster-census.ts";
import type { CENSUS_THRESHOLD } from "../formats/census-format.ts";

/** One threshold at one β, as it is told. */
export type ToldCensus = z.infer<typeof CENSUS_THRESHOLD>;

/** Clusters within this factor of an equal share are equal. */
const EQUAL = 1.5;

/** Probabilities, numbers and times over starts, each with an interval of 95 %. `kmax`: of linear theory. */
export function censusStatistics(
  threshold: number,
  starts: readonly StartCensus[],
  times: readonly number[],
  kmax: number,
): ToldCensus {
  const counts = times.map((_, t) => starts.map(({ sizes }) => sizes[t].length));
  const share = (hits: (sizes: readonly number[]) => boolean) =>
    times.map((_, t) => shareOf(starts.filter(({ sizes }) => hits(sizes[t])).length, starts.length));
  return {
    threshold,
    one: share((sizes) => sizes.length === 1),
    clusters: counts.map(meanOf),
    still: counts.map(histogramOf),
    kmax_clusters: share((sizes) => sizes.length === kmax),
    kmax_equal: share((sizes) => sizes.length === kmax && areEqual(sizes)),
    first_merge: medianOf(starts.map(({ firstMerge }) => firstMerge)),
    last_merge: medianOf(starts.map(({ lastMerge }) => lastMerge)),
  };
}

function areEqual(sizes: readonly number[]): boolean {
  const share = sizes.reduce((a, b) => a + b) / sizes.length;
  return sizes.every((size) => size <= EQUAL * share && size >= share / EQUAL);
}

function shareOf(hits: number, trials: number): ToldCensus["one"][number] {
  if (trials === 0) return { value: null, low: null, high: null };
  const [low, high] = proportionInterval(hits, trials);
  return { value: hits / trials, low, high };
}

function meanOf(values: readonly number[]): ToldCensus["one"][number] {
  if (values.length === 0) return { value: null, low: null, high: null };
  const value = values.reduce((a, b) => a + b) / values.length;
  const square = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  const half = values.length > 1 ? 1.96 * Math.sqrt(square / (values.length - 1) / values.length) : null;
  return { value, low: half === null ? null : value - half, high: half === null ? null : value + half };
}

function histogramOf(values: readonly number[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1 / values.length;
  return counts;
}

/**
 * The median with its interval by order statistics: binomial(N, ½) ranks. What did not come within the times lies behind them all, so that an
 * end may be unknown.
 */
function medianOf(values: readonly (number | null)[]): ToldCensus["first_merge"] {
  const sorted = values.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const at = (rank: number) => {
    const value = sorted[Math.min(sorted.length - 1, Math.max(0, rank))];
    return value !== undefined && Number.isFinite(value) ? value : null;
  };
  const half = 0.98 * Math.sqrt(sorted.length);
  const middle = (sorted.length - 1) / 2;
  const [a, b] = [at(Math.floor(middle)), at(Math.ceil(middle))];
  return {
    value: a === null || b === null ? null : (a + b) / 2,
    low: at(Math.floor(middle - half)),
    high: middle + half >= sorted.length - 1 + 0.5 ? null : at(Math.ceil(middle + half)),
    happened: sorted.filter(Number.isFinite).length,
  };
}
