import { pairCount } from "./inner-products.ts";
import { studentQuantile } from "./isotropic-law.ts";

/** A spread below this part of the estimate is rounding. */
const rounding = 1e-12;

/** Bounds of a 95 % interval. */
export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

/** Intervals for statistics of the pairs of a cloud; `null` where the jackknife says nothing. */
export interface PairIntervals {
  readonly mean: Interval | null;
  readonly sd: Interval | null;
  /** One for each threshold. */
  readonly masses: readonly (Interval | null)[];
}

/**
 * 95 % intervals from leaving out one token (not one pair) at a time: estimate ± t_{n−1} standard errors, with the
 * jackknife variance of a U-statistic (Arvesen 1969), in O(n²) for all tokens together. They say how far the number hangs
 * on which tokens were seen, as if tokens were drawn independently; tokens of one text are not. In an isotropic cloud,
 * where the mean is a degenerate U-statistic, the variance comes out up to twice too large: conservative.
 * Bounds are cut to the range that the products can have. `null` below 3 tokens and where leaving out any token changes nothing.
 */
export function pairIntervals(
  pairs: ArrayLike<number>,
  n: number,
  thresholds: readonly number[],
  range: readonly [least: number, most: number] = [-1, 1],
): PairIntervals {
  const sums = tokenSums(pairs, n, thresholds);
  const total = pairCount(n);
  const left = pairCount(n - 1);
  const spread = (s1: number, s2: number, count: number) => Math.sqrt(Math.max(s2 / count - (s1 / count) ** 2, 0));
  const without = (i: number) => spread(sums.all1 - sums.s1[i], sums.all2 - sums.s2[i], left);
  return {
    mean: interval(n, sums.center + sums.all1 / total, (i) => sums.center + (sums.all1 - sums.s1[i]) / left, range),
    sd: interval(n, spread(sums.all1, sums.all2, total), without, [0, range[1] - range[0]]),
    masses: thresholds.map((_, t) => {
      const all = sums.above[t].reduce((a, b) => a + b, 0) / 2;
      return interval(n, all / total, (i) => (all - sums.above[t][i]) / left, [0, 1]);
    }),
  };
}

interface TokenSums {
  /** Mean product, subtracted before squares are summed. */
  readonly center: number;
  /** Over the pairs of each token: Σ (G − center), Σ (G − center)², and the number above each threshold. */
  readonly s1: Float64Array;
  readonly s2: Float64Array;
  readonly above: readonly Uint32Array[];
  /** The same over all pairs. */
  readonly all1: number;
  readonly all2: number;
}

function tokenSums(pairs: ArrayLike<number>, n: number, thresholds: readonly number[]): TokenSums {
  let sum = 0;
  for (let p = 0; p < pairs.length; p++) sum += pairs[p];
  const center = sum / pairs.length;
  const s1 = new Float64Array(n);
  const s2 = new Float64Array(n);
  let p = 0;
  for (let i = 0; i < n; i++) {
    let row1 = 0;
    let row2 = 0;
    for (let j = i + 1; j < n; j++) {
      const c = pairs[p++] - center;
      row1 += c;
      row2 += c * c;
      s1[j] += c;
      s2[j] += c * c;
    }
    s1[i] += row1;
    s2[i] += row2;
  }
  const half = (a: Float64Array) => a.reduce((x, y) => x + y, 0) / 2;
  return { center, s1, s2, above: thresholds.map((t) => countAbove(pairs, n, t)), all1: half(s1), all2: half(s2) };
}

function countAbove(pairs: ArrayLike<number>, n: number, threshold: number): Uint32Array {
  const counts = new Uint32Array(n);
  let p = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      if (pairs[p++] > threshold) {
        counts[i]++;
        counts[j]++;
      }
    }
  }
  return counts;
}

function interval(
  n: number,
  estimate: number,
  without: (i: number) => number,
  [least, most]: readonly [number, number],
): Interval | null {
  if (n < 3) return null;
  const values = Float64Array.from({ length: n }, (_, i) => without(i));
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = (values.reduce((a, b) => a + (b - mean) ** 2, 0) * (n - 1)) / n;
  const half = studentQuantile(0.975, n - 1) * Math.sqrt(variance);
  if (!(half > rounding * Math.abs(estimate))) return null;
  return { lo: Math.max(estimate - half, least), hi: Math.min(estimate + half, most) };
}
