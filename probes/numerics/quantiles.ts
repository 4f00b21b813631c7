/** Bins over the range; order statistics are sought only in the bins that hold them. */
const BINS = 2048;

/**
 * Linear between the order statistics of a sorted list: 0 is the first value, N − 1 the last, beyond them theirs. Type 7 at position
 * p(N − 1), Hazen's (type 5) at pN − ½. Needs at least one value.
 */
export function between(sorted: ArrayLike<number>, position: number): number {
  const at = Math.min(sorted.length - 1, Math.max(0, position));
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/**
 * Quantiles with linear interpolation between order statistics: position p(N − 1), type 7 of Hyndman and Fan (1996),
 * NumPy's default. Exact, in one pass that counts and one that gathers the few values to be sorted.
 * `probabilities` in [0, 1], in any order. Needs at least one value.
 */
export function quantiles(values: ArrayLike<number>, probabilities: readonly number[]): readonly number[] {
  const last = values.length - 1;
  const positions = probabilities.map((p) => p * last);
  const ranks = positions.flatMap((at) => [Math.floor(at), Math.ceil(at)]);
  const order = orderStatistics(values, ranks);
  return positions.map((at, q) => {
    const [a, b] = [order[2 * q], order[2 * q + 1]];
    return a === b ? a : a + (at - Math.floor(at)) * (b - a);
  });
}

/** The middle one, or the mean of the middle two; `null` of nothing. */
export function median(values: ArrayLike<number>): number | null {
  return values.length === 0 ? null : quantiles(values, [0.5])[0];
}

/** The values of the given ranks (0 is the least), in the order of `ranks`. */
function orderStatistics(values: ArrayLike<number>, ranks: readonly number[]): readonly number[] {
  const bins = binsOf(values);
  const below = countBelow(bins);
  const binOf = ranks.map((rank) => lastAtMost(below, rank));
  const wanted = [...new Set(binOf)];
  const buckets = gather(values, bins, wanted, below);
  return ranks.map((rank, q) => buckets[wanted.indexOf(binOf[q])][rank - below[binOf[q]]]);
}

/** The bin of each value: never falls as the value rises, which is all that is asked of it. */
function binsOf(values: ArrayLike<number>): Uint16Array {
  let lo = values[0];
  let hi = values[0];
  for (let p = 1; p < values.length; p++) {
    const v = values[p];
    if (v < lo) lo = v;
    else if (v > hi) hi = v;
  }
  const scale = hi > lo ? BINS / (hi - lo) : 0;
  const bins = new Uint16Array(values.length);
  for (let p = 0; p < bins.length; p++) {
    const bin = ((values[p] - lo) * scale) | 0;
    bins[p] = bin < BINS ? bin : BINS - 1;
  }
  return bins;
}

/** below[b] = how many values lie in bins before b; length BINS + 1. */
function countBelow(bins: Uint16Array): Uint32Array {
  const below = new Uint32Array(BINS + 1);
  for (let p = 0; p < bins.length; p++) below[bins[p] + 1]++;
  for (let b = 0; b < BINS; b++) below[b + 1] += below[b];
  return below;
}

/** The last bin b, one that holds something, with below[b] ≤ rank. */
function lastAtMost(below: Uint32Array, rank: number): number {
  let b = 0;
  while (below[b + 1] <= rank) b++;
  return b;
}

/** The values of each of some bins, sorted. */
function gather(
  values: ArrayLike<number>,
  bins: Uint16Array,
  wanted: readonly number[],
  below: Uint32Array,
): readonly Float64Array[] {
  const buckets = wanted.map((b) => new Float64Array(below[b + 1] - below[b]));
  const filled = new Uint32Array(wanted.length);
  // Which bucket a bin has, counted from 1.
  const bucketOf = new Uint16Array(BINS);
  wanted.forEach((b, k) => {
    bucketOf[b] = k + 1;
  });
  for (let p = 0; p < bins.length; p++) {
    const k = bucketOf[bins[p]];
    if (k > 0) buckets[k - 1][filled[k - 1]++] = values[p];
  }
  for (const bucket of buckets) bucket.sort();
  return buckets;
}
