import { type Cloud, toCloud64 } from "../cloud.ts";
import { eachProduct } from "./fast-products.ts";
import { rowDot, tile } from "./product-tile.ts";

/** Multiplications below which the loops here cost less than handing rows to the kernel. */
const SMALL = 20_000;

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

/** The same by the kernel of `eachProduct`, of few small clouds by `innerProductsTiled`: they agree to rounding. */
export function innerProductsInto(x: Float64Array, n: number, d: number, out: Float64Array): void {
  if (pairCount(n) * d < SMALL) {
    innerProductsTiled(x, n, d, out);
    return;
  }
  const cloud = { x, n };
  eachProduct(cloud, cloud, d, true, (i, j, count, values, from, more) => {
    const at = (i * (2 * n - i - 1)) / 2 + j - i - 1;
    if (!more) out.set(values.subarray(from, from + count), at);
    else for (let p = 0; p < count; p++) out[at + p] += values[from + p];
  });
}

/**
 * In tiles of 2 × 4 products, about four times as fast as the definition. `x[i * d + k]`, `out` of length n(n−1)/2.
 */
export function innerProductsTiled(x: Float64Array, n: number, d: number, out: Float64Array): void {
  for (let i = 0; i + 1 < n; i += 2) {
    // Where (i, j) and (i + 1, j) lie in the packed triangle, less j.
    const p = (i * (2 * n - i - 1)) / 2 - i - 1;
    const q = p + n - i - 2;
    out[p + i + 1] = rowDot(x, i * d, x, (i + 1) * d, d);
    let j = i + 2;
    for (; j + 3 < n; j += 4) tile(x, i * d, x, j * d, d, out, p + j, q + j);
    for (; j < n; j++) {
      out[p + j] = rowDot(x, i * d, x, j * d, d);
      out[q + j] = rowDot(x, (i + 1) * d, x, j * d, d);
    }
  }
}

/** Cuts every value to [−1, 1], in place. */
export function clampToUnit(values: Float64Array): Float64Array {
  for (let p = 0; p < values.length; p++) {
    if (values[p] > 1) values[p] = 1;
    else if (values[p] < -1) values[p] = -1;
  }
  return values;
}
