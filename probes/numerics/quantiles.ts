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
  const bin = binner(values);
  const below = countBelow(values, bin);
  const bucketOf = ranks.map((rank) => lastAtMost(below, rank));
  const buckets = new Map(bucketOf.map((b) => [b, new Float64Array(below[b + 1] - below[b])]));
  gather(values, bin, buckets);
  return ranks.map((rank, q) => (buckets.get(bucketOf[q]) as Float64Array)[rank - below[bucketOf[q]]]);
}

type Binner = (v: number) => number;

/** The bin of a value: never falls as the value rises, which is all that is asked of it. */
function binner(values: ArrayLike<number>): Binner {
  let lo = values[0];
  let hi = values[0];
  for (let p = 1; p < values.length; p++) {
    if (values[p] < lo) lo = values[p];
    else if (values[p] > hi) hi = values[p];
  }
  const scale = hi > lo ? BINS / (hi - lo) : 0;
  return (v) => Math.min(((v - lo) * scale) | 0, BINS - 1);
}

/** below[b] = how many values lie in bins before b; length BINS + 1. */
function countBelow(values: ArrayLike<number>, bin: Binner): Uint32Array {
  const below = new Uint32Array(BINS + 1);
  for (let p = 0; p < values.length; p++) below[bin(values[p]) + 1]++;
  for (let b = 0; b < BINS; b++) below[b + 1] += below[b];
  return below;
}

/** The last bin b, one that holds something, with below[b] ≤ rank. */
function lastAtMost(below: Uint32Array, rank: number): number {
  let b = 0;
  while (below[b + 1] <= rank) b++;
  return b;
}

/** Fills each bucket with the values of its bin, sorted. */
function gather(values: ArrayLike<number>, bin: Binner, buckets: ReadonlyMap<number, Float64Array>): void {
  const bucketAt = Array.from({ length: BINS }, (_, b) => buckets.get(b));
  const filled = new Uint32Array(BINS);
  for (let p = 0; p < values.length; p++) {
    const b = bin(values[p]);
    const bucket = bucketAt[b];
    if (bucket !== undefined) bucket[filled[b]++] = values[p];
  }
  for (const bucket of buckets.values()) bucket.sort();
}
