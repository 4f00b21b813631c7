import { unpackGram } from "../../../probes/products/gram-matrix.ts";
import { innerProductsInto, pairCount } from "../../../probes/products/inner-products.ts";

/** ⟨a_i, a_j⟩ for unit rows of length d: `[n, n]`, symmetric, its diagonal 1. */
export function ownProducts(a: Float64Array, n: number, d: number): Float64Array {
  const pairs = new Float64Array(pairCount(n));
  innerProductsInto(a, n, d, pairs);
  return unpackGram(pairs, new Float64Array(n).fill(1));
}

/**
 * ⟨a_i, b_j⟩ for rows of length d, in tiles of 2 × 4 as `innerProductsInto`: `a` `[n, d]`, `b` `[m, d]`, `out` `[n, m]`.
 */
export function rowProducts(a: Float64Array, b: Float64Array, n: number, m: number, d: number): Float64Array {
  const out = new Float64Array(n * m);
  let i = 0;
  for (; i + 1 < n; i += 2) {
    let j = 0;
    for (; j + 3 < m; j += 4) tile(a, i * d, b, j * d, d, out, i * m + j, (i + 1) * m + j);
    for (; j < m; j++) {
      out[i * m + j] = dot(a, i * d, b, j * d, d);
      out[(i + 1) * m + j] = dot(a, (i + 1) * d, b, j * d, d);
    }
  }
  if (i < n) for (let j = 0; j < m; j++) out[i * m + j] = dot(a, i * d, b, j * d, d);
  return out;
}

/** ⟨a_i, b_i⟩ by row: both `[m, m]`. */
export function rowDots(a: Float64Array, b: Float64Array, m: number): Float64Array {
  const out = new Float64Array(m);
  for (let i = 0; i < m; i++) out[i] = dot(a, i * m, b, i * m, m);
  return out;
}

function dot(a: Float64Array, p: number, b: Float64Array, q: number, d: number): number {
  let s = 0;
  for (let k = 0; k < d; k++) s += a[p + k] * b[q + k];
  return s;
}

function tile(
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
