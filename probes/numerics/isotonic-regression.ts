/**
 * Least squares among sequences that never fall, by pooling adjacent violators (Barlow, Bartholomew, Bremner and Brunk 1972), in
 * linear time.
 *
 * @param values in the order of what they may not fall with.
 * @param weights one each, above 0; 1 without.
 */
export function isotonicRegression(values: Float64Array, weights?: Float64Array): Float64Array {
  const n = values.length;
  const mean = new Float64Array(n);
  const weight = new Float64Array(n);
  const start = new Uint32Array(n + 1);
  let blocks = 0;
  for (let i = 0; i < n; i++) {
    mean[blocks] = values[i];
    weight[blocks] = weights?.[i] ?? 1;
    start[blocks] = i;
    for (; blocks > 0 && mean[blocks - 1] >= mean[blocks]; blocks--) {
      const both = weight[blocks - 1] + weight[blocks];
      mean[blocks - 1] += (weight[blocks] / both) * (mean[blocks] - mean[blocks - 1]);
      weight[blocks - 1] = both;
    }
    blocks++;
  }
  start[blocks] = n;
  const out = new Float64Array(n);
  for (let b = 0; b < blocks; b++) out.fill(mean[b], start[b], start[b + 1]);
  return out;
}
