import { studentQuantile } from "../numerics/isotropic-law.ts";
import { pairCount } from "./inner-products.ts";

/** A spread below this part of the numbers that went in is rounding. */
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
  if (n < 3) return { mean: null, sd: null, masses: thresholds.map(() => null) };
  const { center, s1, s2, all1, all2, above } = tokenSums(pairs, n, thresholds);
  const total = pairCount(n);
  const left = pairCount(n - 1);
  const sd = spread(all1, all2, total);
  const scale = Math.hypot(center, sd);
  const sdWithout = s1.map((_, i) => spread(all1 - s1[i], all2 - s2[i], left));
  return {
    mean: jackknifeInterval(
      center + all1 / total,
      s1.map((s) => center + (all1 - s) / left),
      scale,
      range,
    ),
    sd: jackknifeInterval(sd, sdWithout, scale, [0, range[1] - range[0]]),
    masses: above.map((counts) => massInterval(counts, total, left)),
  };
}

/** Standard deviation of `count` values with these sums of the values and of their squares. */
function spread(sum: number, squares: number, count: number): number {
  return Math.sqrt(Math.max(squares / count - (sum / count) ** 2, 0));
}

function massInterval(counts: Uint32Array, total: number, left: number): Interval | null {
  const all = counts.reduce((a, b) => a + b, 0) / 2;
  const without = Float64Array.from(counts, (count) => (all - count) / left);
  return jackknifeInterval(all / total, without, 1, [0, 1]);
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
  const above = thresholds.map(() => new Uint32Array(n));
  const least = Math.min(...thresholds);
  let p = 0;
  for (let i = 0; i < n; i++) {
    let row1 = 0;
    let row2 = 0;
    for (let j = i + 1; j < n; j++) {
      const value = pairs[p++];
      const c = value - center;
      row1 += c;
      row2 += c * c;
      s1[j] += c;
      s2[j] += c * c;
      if (value > least) countAbove(above, thresholds, value, i, j);
    }
    s1[i] += row1;
    s2[i] += row2;
  }
  const half = (a: Float64Array) => a.reduce((x, y) => x + y, 0) / 2;
  return { center, s1, s2, above, all1: half(s1), all2: half(s2) };
}

function countAbove(above: readonly Uint32Array[], thresholds: readonly number[], value: number, i: number, j: number) {
  for (let t = 0; t < thresholds.length; t++) {
    if (value > thresholds[t]) {
      above[t][i]++;
      above[t][j]++;
    }
  }
}

/** From the statistic without each token; `scale` is the size of the numbers that went in. */
export function jackknifeInterval(
  estimate: number,
  without: Float64Array,
  scale: number,
  [least, most]: readonly [number, number],
): Interval | null {
  const n = without.length;
  const mean = without.reduce((a, b) => a + b, 0) / n;
  const variance = (without.reduce((a, b) => a + (b - mean) ** 2, 0) * (n - 1)) / n;
  const half = studentQuantile(0.975, n - 1) * Math.sqrt(variance);
  if (!(half > rounding * scale)) return null;
  return { lo: Math.max(estimate - half, least), hi: Math.min(estimate + half, most) };
}
