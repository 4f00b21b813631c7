/** Whether every number is finite: zero times any number is zero, times what is none it is none. In four sums, which do not wait for each other. */
export function allFinite(x: Float32Array | Float64Array): boolean {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < x.length; k += 4) {
    s0 += x[k] * 0;
    s1 += x[k + 1] * 0;
    s2 += x[k + 2] * 0;
    s3 += x[k + 3] * 0;
  }
  for (; k < x.length; k++) s0 += x[k] * 0;
  return s0 + s1 + s2 + s3 === 0;
}
