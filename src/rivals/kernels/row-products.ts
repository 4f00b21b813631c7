import { eachProduct } from "../../../probes/products/fast-products.ts";
import { unpackGram } from "../../../probes/products/gram-matrix.ts";
import { innerProductsInto, pairCount } from "../../../probes/products/inner-products.ts";
import { rowDot } from "../../../probes/products/product-tile.ts";

/** ⟨a_i, a_j⟩ for unit rows of length d: `[n, n]`, symmetric, its diagonal 1. */
export function ownProducts(a: Float64Array, n: number, d: number): Float64Array {
  const pairs = new Float64Array(pairCount(n));
  innerProductsInto(a, n, d, pairs);
  return unpackGram(pairs, new Float64Array(n).fill(1));
}

/** Multiplications below which loops cost less than handing rows to the kernel. */
const SMALL = 20_000;

/** ⟨a_i, b_j⟩ for rows of length d: `a` `[n, d]`, `b` `[m, d]`, `out` `[n, m]`. */
export function rowProducts(a: Float64Array, b: Float64Array, n: number, m: number, d: number): Float64Array {
  const out = new Float64Array(n * m);
  if (n * m * d < SMALL) {
    for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) out[i * m + j] = rowDot(a, i * d, b, j * d, d);
    return out;
  }
  eachProduct({ x: a, n }, { x: b, n: m }, d, false, (i, _, count, values, from, more) => {
    if (!more) out.set(values.subarray(from, from + count), i * m);
    else for (let j = 0; j < count; j++) out[i * m + j] += values[from + j];
  });
  return out;
}

/** ⟨a_i, b_i⟩ by row: both `[m, m]`. */
export function rowDots(a: Float64Array, b: Float64Array, m: number): Float64Array {
  const out = new Float64Array(m);
  for (let i = 0; i < m; i++) out[i] = rowDot(a, i * m, b, i * m, m);
  return out;
}
