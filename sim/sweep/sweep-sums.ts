import type { Outcome } from "../integrators/system-result.ts";

/** Starts that did not reach the end, also where float64 was tried, by why. */
export type Failures = Readonly<Partial<Record<Outcome, number>>>;

/** Sums over some starts at one β; lists run along times. Those of all parts add up to those of the whole. */
export interface SweepSums {
  /** Pairs i < j at or above the threshold. */
  readonly near: Float64Array;
  /** Mean cosines. */
  readonly cosine: Float64Array;
  /** Starts that came so far. */
  readonly count: Float64Array;
  readonly failures: Failures;
}

/** Adds up parts in their order, so that the last bits do not depend on who made them when. */
export function addSums(parts: readonly SweepSums[]): SweepSums {
  const sum = (list: "near" | "cosine" | "count") =>
    parts[0][list].map((_, t) => parts.reduce((total, part) => total + part[list][t], 0));
  return { near: sum("near"), cosine: sum("cosine"), count: sum("count"), failures: addFailures(parts) };
}

/** Adds up by outcome, in the order in which outcomes come. */
export function addFailures(parts: readonly { readonly failures: Failures }[]): Failures {
  const total: { [O in Outcome]?: number } = {};
  for (const { failures } of parts) {
    for (const [outcome, count] of Object.entries(failures) as [Outcome, number][])
      total[outcome] = (total[outcome] ?? 0) + count;
  }
  return total;
}

/** Starts that did not reach the end, whatever the reason. */
export function countFailures(failures: Failures): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}
