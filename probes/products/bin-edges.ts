import { quantiles } from "../numerics/quantiles.ts";

/** How bins were chosen: on a fixed interval, over the range of the data, or by Freedman and Diaconis. */
export type BinRule = "fixed" | "range" | "freedman-diaconis";

/** More bins than this draw nothing; the rule of Freedman and Diaconis asks for them where most values coincide. */
const maxBins = 4096;

/** bins + 1 equally spaced edges from lo to hi, both exact. */
export function fixedEdges(bins = 200, lo = -1, hi = 1): Float64Array {
  return Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? hi : lo + (i * (hi - lo)) / bins));
}

/** Edges over the range of the values, widened by ½ on each side where they all coincide (as NumPy does). */
export function rangeEdges(values: Float64Array, bins = 200): Float64Array {
  const [lo, hi] = range(values);
  return lo < hi ? fixedEdges(bins, lo, hi) : fixedEdges(bins, lo - 0.5, hi + 0.5);
}

/**
 * Bins of width 2·IQR·N^{−1/3} (Freedman and Diaconis 1981), rounded so that they fill the range, as NumPy's "fd",
 * but never more than `most`. Where the quartiles coincide and the rule has no width, `most` (NumPy: one, which would spread
 * a cluster of equal values over the whole range); one where all values do.
 */
export function freedmanDiaconisEdges(values: Float64Array, most = maxBins): Float64Array {
  const [lo, hi] = range(values);
  const [q1, q3] = quantiles(values, [0.25, 0.75]);
  const width = (2 * (q3 - q1)) / Math.cbrt(values.length);
  const bins = hi > lo ? Math.ceil((hi - lo) / width) : 1;
  // Of values that differ by rounding alone, no more bins than there are numbers between.
  const distinct = Math.floor((hi - lo) / (4 * Number.EPSILON * Math.max(Math.abs(lo), Math.abs(hi))));
  return rangeEdges(values, Math.max(1, Math.min(bins, most, distinct)));
}

function range(values: Float64Array): readonly [lo: number, hi: number] {
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    if (v < lo) lo = v;
    if (v > hi) hi = v;
  }
  return [lo, hi];
}
