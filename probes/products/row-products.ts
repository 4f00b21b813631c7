import { eachProduct } from "./fast-products.ts";
import { rowDot } from "./product-tile.ts";

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
