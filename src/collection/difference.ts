import { incompleteBeta } from "../../probes/numerics/incomplete-beta.ts";
import { mean } from "../../probes/numerics/mean.ts";

/** How much larger one estimate is than another; `null` bounds where nothing is known of the error of one. */
export interface Difference {
  readonly value: number;
  readonly lo: number | null;
  readonly hi: number | null;
}

/** An estimate with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly lo: number | null;
  readonly hi: number | null;
}

/**
 * b − a of two estimates, with the interval that their own give together where they are independent (MOVER: Zou and Donner 2008,
 * Statistics in Medicine 27, 1693). Of the same tokens it is rather too wide.
 */
export function differenceOf(a: Estimate, b: Estimate): Difference {
  const value = b.value - a.value;
  if (!isBounded(a) || !isBounded(b)) return { value, lo: null, hi: null };
  return {
    value,
    lo: value - Math.hypot(b.value - b.lo, a.hi - a.value),
    hi: value + Math.hypot(b.hi - b.value, a.value - a.lo),
  };
}

/** b / a of positive estimates: their difference on the scale of logarithms. */
export function ratioOf(a: Estimate, b: Estimate): Difference {
  const { value, lo, hi } = differenceOf(logOf(a), logOf(b));
  return { value: Math.exp(value), lo: lo === null ? null : Math.exp(lo), hi: hi === null ? null : Math.exp(hi) };
}

function logOf({ value, lo, hi }: Estimate): Estimate {
  const log = (one: number | null) => (one === null || one <= 0 ? null : Math.log(one));
  return { value: Math.log(value), lo: log(lo), hi: log(hi) };
}

/** Whether the bounds are there and on both sides. */
function isBounded(one: Estimate): one is Estimate & { readonly lo: number; readonly hi: number } {
  return one.lo !== null && one.hi !== null && one.lo <= one.value && one.value <= one.hi;
}

/** Fewer texts than this tell nothing of how texts differ. */
export const LEAST_TEXTS = 3;

/** Mean of b − a over texts that both have, with the 95 % interval of Student's t; bounds `null` of fewer than three texts. */
export function pairedDifference(a: readonly number[], b: readonly number[]): Difference {
  const each = a.map((value, k) => b[k]! - value);
  const [value, n] = [mean(each), each.length];
  if (n < LEAST_TEXTS) return { value, lo: null, hi: null };
  const variance = each.reduce((sum, one) => sum + (one - value) ** 2, 0) / (n - 1);
  const half = studentQuantile(n - 1) * Math.sqrt(variance / n);
  return { value, lo: value - half, hi: value + half };
}

/** The 97.5 % quantile of Student's t: P(|T| > t) = I_{ν/(ν + t²)}(ν/2, ½), by bisection. */
export function studentQuantile(freedom: number): number {
  let [lo, hi] = [1.9, 13]; // From the normal law to one degree of freedom.
  for (let k = 0; k < 60; k++) {
    const t = (lo + hi) / 2;
    if (incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) > 0.05) lo = t;
    else hi = t;
  }
  return (lo + hi) / 2;
}
