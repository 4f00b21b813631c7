/** Fewer values are sorted as they are. */
const FEW = 512;
/** Values of a bucket, were they spread evenly. */
const IN_BUCKET = 4;
/** Buckets with more values are sorted by themselves. */
const CROWDED = 24;

/**
 * Sorts values in place, smallest first: the same as their own `sort`, up to four times as fast where there are thousands, no faster where
 * one lies far from the rest. They are dealt into buckets of equal width between the smallest and the largest, which settles all but neighbours.
 *
 * @param values - None NaN; of −0 and 0 either may come first.
 */
export function sortValues(values: Float64Array): Float64Array {
  const count = values.length;
  if (count < FEW) return values.sort();
  let lo = values[0];
  let hi = lo;
  for (let p = 1; p < count; p++) {
    const v = values[p];
    if (v < lo) lo = v;
    else if (v > hi) hi = v;
  }
  const buckets = Math.floor(count / IN_BUCKET);
  const scale = (buckets - 1) / (hi - lo);
  // Nothing to tell apart, or a width that overflows.
  if (!(scale > 0 && Number.isFinite(scale * (hi - lo)))) return values.sort();
  const ends = new Int32Array(buckets + 1);
  const bucketOf = new Int32Array(count);
  for (let p = 0; p < count; p++) {
    const b = ((values[p] - lo) * scale) | 0;
    bucketOf[p] = b;
    ends[b]++;
  }
  for (let b = 1; b <= buckets; b++) ends[b] += ends[b - 1];
  const dealt = values.slice();
  for (let p = count - 1; p >= 0; p--) values[--ends[bucketOf[p]]] = dealt[p];
  // Each bucket now begins where `ends` says.
  for (let b = 0; b < buckets; b++) {
    if (ends[b + 1] - ends[b] > CROWDED) values.subarray(ends[b], ends[b + 1]).sort();
  }
  insert(values);
  return values;
}

/** Insertion: after the buckets hardly any value is far from its place. */
function insert(values: Float64Array): void {
  for (let p = 1; p < values.length; p++) {
    const v = values[p];
    let q = p - 1;
    while (q >= 0 && values[q] > v) {
      values[q + 1] = values[q];
      q--;
    }
    values[q + 1] = v;
  }
}
