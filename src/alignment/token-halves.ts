import { permutation, type RandomSource } from "../../models/random.ts";
import { mean } from "../../probes/numerics/mean.ts";
import { indexOfLeast, type TimeMap } from "./align.ts";
import { type BinnedText, binnedBaseline, binnedCosts, realign, TIME_FACTORS } from "./binned-costs.ts";
import type { Contender } from "./contenders.ts";
import type { SketchPlan } from "./quantile-sketch.ts";

/** A random half of a text's measured tokens, by their places in its plan. */
export type TokenHalf = Uint8Array;

/** Halves need two tokens each to have a pair. */
const LEAST_TOKENS = 4;

/** One half for every text: 1 for tokens that are fitted to, 0 for those held out; `null` where a text has too few. */
export function chooseHalves(counts: readonly number[], random: RandomSource): readonly TokenHalf[] | null {
  if (counts.some((n) => n < LEAST_TOKENS)) return null;
  return counts.map((n) => {
    const half = new Uint8Array(n);
    for (const i of permutation(n, random).subarray(0, Math.ceil(n / 2))) half[i] = 1;
    return half;
  });
}

/** The tokens that are held out of each text; `plans` as they were when the halves were chosen. */
export function heldTokens(plans: readonly SketchPlan[], halves: readonly TokenHalf[]): readonly Int32Array[] {
  return plans.map(({ tokens }, i) => tokens.filter((_, place) => halves[i][place] === 0));
}

/** What is fitted to one half of the tokens and its mean W1, beside that of the baseline, on the other half. */
export interface HalfFit {
  readonly beta: number;
  /** One a layer, the first 0. */
  readonly times: readonly number[];
  readonly w1: number;
  readonly baseline: number;
}

/** β and times fitted on the pairs of one half of the tokens, and what they miss on the pairs of the other. */
export function heldOutTokens(
  texts: readonly BinnedText[],
  halves: readonly TokenHalf[],
  contenders: readonly Contender[],
  map: TimeMap,
): HalfFit {
  const fitted = realign(
    texts.map((text, i) => binnedCosts(text, [Float64Array.from(halves[i])])[0]),
    map,
  );
  const best = indexOfLeast(fitted.map(({ total }) => total));
  const { factors } = fitted[best];
  const { beta, times, horizon } = contenders[best];
  const rest = texts.map((_, i) => Float64Array.from(halves[i], (one) => 1 - one));
  const missed = texts.map((text, i) => binnedCosts(text, [rest[i]])[0][best].map((row, k) => row[factors[k]]));
  const baselines = texts.map((text, i) => binnedBaseline(text, rest[i]));
  return {
    beta,
    times: times.map((t, k) => (k === 0 ? 0 : Math.min(horizon, t * TIME_FACTORS[factors[k - 1]]))),
    w1: mean(missed.flat()),
    baseline: mean(baselines.flat()),
  };
}
