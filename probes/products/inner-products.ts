import { type Cloud, toCloud64 } from "../cloud.ts";

/** Number of pairs i < j. */
export function pairCount(n: number): number {
  return (n * (n - 1)) / 2;
}

/**
 * Inner products ⟨x_i, x_j⟩, i < j, of a cloud, accumulated in float64: length n(n−1)/2, the upper triangle of the Gram
 * matrix row by row: (0,1), (0,2), …, (1,2), …. `clamp` cuts rounding beyond [−1, 1]; it is for unit vectors alone.
 */
export function innerProducts(cloud: Cloud, clamp: boolean): Float64Array {
  const { n, d } = cloud;
  const out = new Float64Array(pairCount(n));
  const x = cloud.x instanceof Float64Array ? cloud.x : toCloud64(cloud).x;
  innerProductsInto(x, n, d, out);
  return clamp ? clampToUnit(out) : out;
}

/** The definition, for tests of the fast kernel. `x[i * d + k]`, `out` of length n(n−1)/2. */
export function innerProductsNaive(x: Float64Array, n: number, d: number, out: Float64Array): void {
  let p = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      let s = 0;
      for (let k = 0; k < d; k++) s += x[i * d + k] * x[j * d + k];
      out[p++] = s;
    }
  }
}

/**
 * The same in tiles of 2 × 4 products: eight independent sums hide the latency of the additions and use each value
 * loaded two or four times (about four times as fast as the definition). `x[i * d + k]`, `out` of length n(n−1)/2.
 */
export function innerProductsInto(x: Float64Array, n: number, d: number, out: Float64Array): void {
  for (let i = 0; i + 1 < n; i += 2) {
    // Where (i, j) and (i + 1, j) lie in the packed triangle, less j.
    const p = (i * (2 * n - i - 1)) / 2 - i - 1;
    const q = p + n - i - 2;
    out[p + i + 1] = dot(x, i * d, (i + 1) * d, d);
    let j = i + 2;
    for (; j + 3 < n; j += 4) tile(x, i * d, j * d, d, out, p + j, q + j);
    for (; j < n; j++) {
      out[p + j] = dot(x, i * d, j * d, d);
      out[q + j] = dot(x, (i + 1) * d, j * d, d);
    }
  }
}

function dot(x: Float64Array, a: number, b: number, d: number): number {
  let s = 0;
  for (let k = 0; k < d; k++) s += x[a + k] * x[b + k];
  return s;
}

/** Products of the two rows at a and a + d with the four rows from c on, written from p and from q on. */
function tile(x: Float64Array, a: number, c: number, d: number, out: Float64Array, p: number, q: number): void {
  const b = a + d;
  const e = c + d;
  const f = e + d;
  const g = f + d;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  let t3 = 0;
  for (let k = 0; k < d; k++) {
    const u = x[a + k];
    const v = x[b + k];
    const x0 = x[c + k];
    s0 += u * x0;
    t0 += v * x0;
    const x1 = x[e + k];
    s1 += u * x1;
    t1 += v * x1;
    const x2 = x[f + k];
    s2 += u * x2;
    t2 += v * x2;
    const x3 = x[g + k];
    s3 += u * x3;
    t3 += v * x3;
  }
  out[p] = s0;
  out[p + 1] = s1;
  out[p + 2] = s2;
  out[p + 3] = s3;
  out[q] = t0;
  out[q + 1] = t1;
  out[q + 2] = t2;
  out[q + 3] = t3;
}

/** Cuts every value to [−1, 1], in place. */
export function clampToUnit(values: Float64Array): Float64Array {
  for (let p = 0; p < values.length; p++) {
    if (values[p] > 1) values[p] = 1;
    else if (values[p] < -1) values[p] = -1;
  }
  return values;
}
