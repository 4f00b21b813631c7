import { mean } from "../../probes/numerics/mean.ts";
import type { PairErrors } from "./pair-errors.ts";
import type { TokenErrors } from "./token-errors.ts";

/**
 * How much larger the error of one prediction is than that of another: the logarithm of their ratio, with its standard error; of one text or
 * pooled. A ratio, since a few tokens may carry all of the motion: they weigh on both errors alike.
 */
export interface Difference {
  readonly mean: number;
  readonly se: number;
}

/** From as many texts on their spread is the error; below, that of the tokens within them. */
const TEXTS_TO_SPREAD = 5;
/** A difference without any spread is as far from 0 as can be said. */
const MOST = 99;
/** States are float32: inner products and chords err by some 1e-7, and smaller errors than that are equal. */
const ROUNDING = 1e-7;
/** Ratios closer to 1 than this are 1. */
const EQUAL = 1e-9;

/**
 * ln of the ratio of two sums of squared errors over the same pairs, with the jackknife over tokens: each token is left out of both.
 * `null` below three tokens.
 */
export function pairDifference(a: PairErrors, b: PairErrors): Difference | null {
  const { n } = a;
  const least = ROUNDING ** 2 * n ** 2;
  const without = ({ total, byToken }: PairErrors) => byToken.map((error) => total - error);
  return n < 3 ? null : ratio([a.total, without(a)], [b.total, without(b)], least);
}

/** The same of two sums of chords over the same tokens. */
export function tokenDifference(a: TokenErrors, b: TokenErrors): Difference | null {
  const n = a.length;
  const sum = (errors: TokenErrors) => errors.reduce((x, y) => x + y, 0);
  const parts = (errors: TokenErrors) => [sum(errors), errors.map((error) => sum(errors) - error)] as const;
  return n < 3 ? null : ratio(parts(a), parts(b), ROUNDING * n);
}

/** Of two sums, each with the sums that are left without each token; sums below `least` are rounding. */
function ratio(
  [a, aWithout]: readonly [number, Float64Array],
  [b, bWithout]: readonly [number, Float64Array],
  least: number,
): Difference {
  const log = (x: number, y: number) => Math.log(Math.max(x, least)) - Math.log(Math.max(y, least));
  const mean = log(a, b);
  const n = aWithout.length;
  const se = Math.sqrt(((n - 1) ** 2 / n) * variance(aWithout.map((x, i) => log(x, bWithout[i]))));
  return { mean: Math.abs(mean) < EQUAL ? 0 : mean, se };
}

/** The mean over texts: from five on with the spread between them, below with what tokens say. `null` where none is known. */
export function pooledDifference(each: readonly (Difference | null)[]): Difference | null {
  const known = each.filter((one) => one !== null);
  if (known.length === 0) return null;
  const means = Float64Array.from(known, (one) => one.mean);
  const within = Math.sqrt(known.reduce((sum, one) => sum + one.se ** 2, 0)) / known.length;
  const between = Math.sqrt(variance(means) / known.length);
  return { mean: mean(means), se: known.length >= TEXTS_TO_SPREAD ? between : within };
}

/** The difference in standard errors, within ±99; positive where the second prediction is nearer. */
export function zOf({ mean: value, se }: Difference): number {
  if (value === 0) return 0;
  return Math.max(-MOST, Math.min(MOST, value / se));
}

/** Of a sample: with n − 1. */
function variance(values: Float64Array): number {
  const m = mean(values);
  return values.reduce((a, b) => a + (b - m) ** 2, 0) / (values.length - 1);
}
