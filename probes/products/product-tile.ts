/** ⟨row of a at p, row of b at q⟩, rows of length d. */
export function rowDot(a: Float64Array, p: number, b: Float64Array, q: number, d: number): number {
  let s = 0;
  for (let k = 0; k < d; k++) s += a[p + k] * b[q + k];
  return s;
}

/**
 * Products of the two rows of a from p on with the four rows of b from q on, written from `first` and from `second` on: eight
 * independent sums hide the latency of the additions and use each value loaded two or four times.
 */
export function tile(
  a: Float64Array,
  p: number,
  b: Float64Array,
  q: number,
  d: number,
  out: Float64Array,
  first: number,
  second: number,
): void {
  const r = p + d;
  const q1 = q + d;
  const q2 = q1 + d;
  const q3 = q2 + d;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  let t3 = 0;
  for (let k = 0; k < d; k++) {
    const u = a[p + k];
    const v = a[r + k];
    const b0 = b[q + k];
    s0 += u * b0;
    t0 += v * b0;
    const b1 = b[q1 + k];
    s1 += u * b1;
    t1 += v * b1;
    const b2 = b[q2 + k];
    s2 += u * b2;
    t2 += v * b2;
    const b3 = b[q3 + k];
    s3 += u * b3;
    t3 += v * b3;
  }
  out[first] = s0;
  out[first + 1] = s1;
  out[first + 2] = s2;
  out[first + 3] = s3;
  out[second] = t0;
  out[second + 1] = t1;
  out[second + 2] = t2;
  out[second + 3] = t3;
}
