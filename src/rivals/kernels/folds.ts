/** Tokens that are predicted together, and those that what predicts them is fitted on. */
export interface Fold {
  readonly held: Int32Array;
  /** Tokens of the sample, increasing; none of `held`. */
  readonly train: Int32Array;
}

/** How tokens are left out in turn. */
export interface Folds {
  /** The tokens that take part in fits, increasing: all, where there are no more than `MOST_TOKENS`. */
  readonly sample: Int32Array;
  /** Every token of the sample is held in one of them. */
  readonly folds: readonly Fold[];
  /** All others, predicted from the whole sample; `null`: there are none. */
  readonly rest: Fold | null;
}

/** Beyond this many tokens fits see a sample of them. */
export const MOST_TOKENS = 256;

/** Groups times cubed tokens: 63 tokens are left out one by one, 128 in eight groups. */
const MOST_WORK = 63 ** 4;
const FEWEST_GROUPS = 8;

/**
 * Leaves tokens out in turn, so that no token is predicted by a fit that saw where it goes: one by one up to 63, then in
 * groups, every `groups`th token together, at least eight. Beyond 256 tokens an evenly spaced sample of 256 is fitted.
 *
 * @param most - Groups at most, for what is dear to fit.
 */
export function tokenFolds(n: number, most = Number.POSITIVE_INFINITY): Folds {
  const m = Math.min(n, MOST_TOKENS);
  const sample = Int32Array.from({ length: m }, (_, s) => Math.floor((s * n) / m));
  const groups = Math.min(m, most, Math.max(FEWEST_GROUPS, Math.floor(MOST_WORK / m ** 3)));
  const folds = Array.from({ length: groups }, (_, g) => ({
    held: sample.filter((_, s) => s % groups === g),
    train: sample.filter((_, s) => s % groups !== g),
  }));
  return { sample, folds, rest: m < n ? { held: outside(sample, n), train: sample } : null };
}

/** All folds with what they hold, the rest too: every token is held once. */
export function allFolds({ folds, rest }: Folds): readonly Fold[] {
  return rest ? [...folds, rest] : folds;
}

function outside(sample: Int32Array, n: number): Int32Array {
  const inside = new Set(sample);
  return Int32Array.from({ length: n }, (_, i) => i).filter((i) => !inside.has(i));
}
