/** What can be waited for in a cloud. All are seen in the directions of the tokens. */
export const EVENT_KINDS = ["mean cosine", "min cosine", "merge", "clusters"] as const;

/** One of `EVENT_KINDS`. */
export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * An event to look for:
 *
 * - `mean cosine`: the mean of ⟨x_i, x_j⟩ over i < j passes the level, either way;
 * - `min cosine`: the smallest of them does;
 * - `merge`: a pair reaches the level, 1 − ε, that was in two groups so far; the groups become one for good;
 * - `clusters`: the number of clusters changes, tokens being linked where ⟨x_i, x_j⟩ ≥ level (single linkage).
 */
export interface EventRule {
  readonly kind: EventKind;
  /** Of the inner products, above −1 and below 1. */
  readonly level: number;
  /** Of `clusters`: only where this many are reached. */
  readonly count?: number | undefined;
  /** The system stops there, with the outcome `event`. Default false. */
  readonly terminal?: boolean | undefined;
}

/** An event that happened. */
export interface SimulationEvent {
  readonly kind: EventKind;
  readonly level: number;
  /** In time units of the dynamics. */
  readonly time: number;
  /** Of `merge`: the pair that reached the level. */
  readonly tokens?: readonly [number, number];
  /** Of `merge`: groups that are left. Of `clusters`: clusters from now on. */
  readonly clusters?: number;
}
