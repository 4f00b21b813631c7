/** Sums over some starts at one β; lists run along times. Those of all parts add up to those of the whole. */
export interface SweepSums {
  /** Pairs i < j at or above the threshold. */
  readonly near: Float64Array;
  /** Mean cosines. */
  readonly cosine: Float64Array;
  /** Starts that came so far. */
  readonly count: Float64Array;
  /** Starts that did not reach the end. */
  readonly failed: number;
}

/** Adds up parts in their order, so that the last bits do not depend on who made them when. */
export function addSums(parts: readonly SweepSums[]): SweepSums {
  const sum = (list: "near" | "cosine" | "count") =>
    parts[0][list].map((_, t) => parts.reduce((total, part) => total + part[list][t], 0));
  const failed = parts.reduce((total, part) => total + part.failed, 0);
  return { near: sum("near"), cosine: sum("cosine"), count: sum("count"), failed };
}
