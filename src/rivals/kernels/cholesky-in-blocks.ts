import { cholesky, choleskyRoot } from "../../../probes/numerics/cholesky.ts";
import { rowProducts } from "../../../probes/products/row-products.ts";

/** Rows and columns of a block: what is left for loops is small, and products are large enough for a kernel. */
const BLOCK = 64;

/**
 * `cholesky` of a large matrix, most of it as products of matrices: A = LLᵀ, L in place of the lower triangle of `a` `[size, size]`.
 * The upper triangle is read in place of the lower one, and spoilt (Golub and Van Loan, algorithm 4.2.10, right-looking).
 *
 * @returns false where a pivot is not positive: `a` is then spoilt.
 */
export function choleskyInBlocks(a: Float64Array, size: number): boolean {
  for (let at = 0; at < size; at += BLOCK) {
    const width = Math.min(BLOCK, size - at);
    const behind = at + width;
    const height = size - behind;
    const corner = cornerOf(a, size, at, width);
    if (!cholesky(corner, width)) return false;
    for (let i = 0; i < width; i++) a.set(corner.subarray(i * width, i * width + i + 1), (at + i) * size + at);
    if (height === 0) break;
    const panel = rowProducts(columnsBeside(a, size, at, width), inverse(corner, width), height, width, width);
    for (let i = 0; i < height; i++) a.set(panel.subarray(i * width, (i + 1) * width), (behind + i) * size + at);
    takeProducts(a, size, behind, rowProducts(panel, panel, height, height, width));
  }
  return true;
}

/** The block on the diagonal, `[width, width]`, its lower triangle filled. */
function cornerOf(a: Float64Array, size: number, at: number, width: number): Float64Array {
  const out = new Float64Array(width * width);
  for (let i = 0; i < width; i++) for (let j = 0; j <= i; j++) out[i * width + j] = a[(at + j) * size + at + i];
  return out;
}

/** What stands right of that block, each of its columns a row. */
function columnsBeside(a: Float64Array, size: number, at: number, width: number): Float64Array {
  const height = size - at - width;
  const out = new Float64Array(height * width);
  for (let c = 0; c < width; c++) {
    const row = (at + c) * size + at + width;
    for (let r = 0; r < height; r++) out[r * width + c] = a[row + r];
  }
  return out;
}

/**
 * `choleskyRoot` of a large factor: L⁻¹ transposed, `[size, size]`, block row by block row; (L⁻¹)_ij = −L_ii⁻¹ Σ_k L_ik (L⁻¹)_kj.
 */
export function rootInBlocks(l: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let at = 0; at < size; at += BLOCK) {
    const width = Math.min(BLOCK, size - at);
    const own = inverse(part(l, size, at, width, at, width), width);
    for (let i = 0; i < width; i++) for (let j = 0; j <= i; j++) out[(at + j) * size + at + i] = own[i * width + j];
    if (at === 0) continue;
    const before = rowProducts(part(out, size, 0, at, 0, at), part(l, size, at, width, 0, at), at, width, at);
    const rows = rowProducts(before, own, at, width, width);
    for (let j = 0; j < at; j++) for (let i = 0; i < width; i++) out[j * size + at + i] = -rows[j * width + i];
  }
  return out;
}

/** Some rows and columns of a matrix. */
function part(a: Float64Array, size: number, row: number, rows: number, column: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const from = (row + i) * size + column;
    out.set(a.subarray(from, from + columns), i * columns);
  }
  return out;
}

/** L⁻¹, by rows. */
function inverse(l: Float64Array, width: number): Float64Array {
  const columns = choleskyRoot(l, width);
  const out = new Float64Array(width * width);
  for (let i = 0; i < width; i++) for (let j = 0; j <= i; j++) out[i * width + j] = columns[j * width + i];
  return out;
}

/** Takes products `[height, height]` from the upper triangle behind a block. */
function takeProducts(a: Float64Array, size: number, behind: number, products: Float64Array): void {
  const height = size - behind;
  for (let i = 0; i < height; i++) {
    const row = (behind + i) * size + behind;
    for (let j = i; j < height; j++) a[row + j] -= products[i * height + j];
  }
}
