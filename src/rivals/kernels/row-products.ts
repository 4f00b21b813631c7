import { unpackGram } from "../../../probes/products/gram-matrix.ts";
import { innerProductsInto, pairCount } from "../../../probes/products/inner-products.ts";
import { rowDot } from "../../../probes/products/product-tile.ts";

/** ⟨a_i, a_j⟩ for unit rows of length d: `[n, n]`, symmetric, its diagonal 1. */
export function ownProducts(a: Float64Array, n: number, d: number): Float64Array {
  const pairs = new Float64Array(pairCount(n));
  innerProductsInto(a, n, d, pairs);
  return unpackGram(pairs, new Float64Array(n).fill(1));
}

/** ⟨a_i, b_i⟩ by row: both `[m, m]`. */
export function rowDots(a: Float64Array, b: Float64Array, m: number): Float64Array {
  const out = new Float64Array(m);
  for (let i = 0; i < m; i++) out[i] = rowDot(a, i * m, b, i * m, m);
  return out;
}
