/** Bins between the smallest and the largest value: some 2⁻¹⁵ wide where values are inner products. */
const BINS = 2 ** 16;
const counts = new Int32Array(BINS);
const sums = new Float64Array(BINS);

/**
 * Means of consecutive values, were they sorted: values of a bin lie in any order. So a mean is exact but for bins that are shared by two
 * blocks, of which each takes its number at the bin's mean: off by less than the width of a bin. One pass, where sorting
 * millions takes most of a fit.
 *
 * @param bounds - Start of each block in the sorted values, and their number at the end.
 */
export function binnedMeans(values: Float64Array, bounds: Int32Array, out: Float64Array, offset: number): void {
  let lo = values[0];
  let hi = lo;
  for (let p = 1; p < values.length; p++) {
    if (values[p] < lo) lo = values[p];
    else if (values[p] > hi) hi = values[p];
  }
  const scale = hi > lo ? (BINS - 1) / (hi - lo) : 0;
  counts.fill(0);
  sums.fill(0);
  for (let p = 0; p < values.length; p++) {
    const bin = ((values[p] - lo) * scale) | 0;
    counts[bin]++;
    sums[bin] += values[p];
  }
  let bin = 0;
  let left = counts[0];
  for (let b = 0; b + 1 < bounds.length; b++) {
    const size = bounds[b + 1] - bounds[b];
    let sum = 0;
    for (let wanted = size; wanted > 0; ) {
      while (left === 0) left = counts[++bin];
      const taken = Math.min(wanted, left);
      sum += (taken / counts[bin]) * sums[bin];
      left -= taken;
      wanted -= taken;
    }
    out[offset + b] = sum / size;
  }
}
