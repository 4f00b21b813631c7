import { unpackGram } from "../../../probes/products/gram-matrix.ts";
import { innerProductsInto, pairCount } from "../../../probes/products/inner-products.ts";
import { rowDot, tile } from "../../../probes/products/product-tile.ts";

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
      out[i * m + j] = rowDot(a, i * d, b, j * d, d);
      out[(i + 1) * m + j] = rowDot(a, (i + 1) * d, b, j * d, d);
    }
  }
  if (i < n) for (let j = 0; j < m; j++) out[i * m + j] = rowDot(a, i * d, b, j * d, d);
  return out;
}

/** ⟨a_i, b_i⟩ by row: both `[m, m]`. */
export function rowDots(a: Float64Array, b: Float64Array, m: number): Float64Array {
  const out = new Float64Array(m);
  for (let i = 0; i < m; i++) out[i] = rowDot(a, i * m, b, i * m, m);
  return out;
}
