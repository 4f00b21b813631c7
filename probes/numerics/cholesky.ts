/** Rows that are worked on together: what is read of an earlier one serves all. */
const ROWS = 4;

/**
 * The Cholesky factor L of a symmetric positive definite matrix, A = LLᵀ, in place of the lower triangle of `a` `[size, size]`;
 * the strict upper triangle is neither read nor changed (Golub and Van Loan, algorithm 4.2.1, by rows).
 *
 * @returns false where a pivot is not positive: `a` is then spoilt.
 */
export function cholesky(a: Float64Array, size: number): boolean {
  for (let first = 0; first < size; first += ROWS) {
    const full = first + ROWS <= size;
    if (full) for (let j = 0; j < first; j++) columnOfRows(a, size, first, j);
    for (let i = first; i < Math.min(size, first + ROWS); i++) {
      const row = i * size;
      for (let j = full ? first : 0; j < i; j++) {
        a[row + j] = (a[row + j] - dot(a, row, j * size, j)) / a[j * size + j];
      }
      const pivot = a[row + i] - dot(a, row, row, i);
      if (!(pivot > 0 && Number.isFinite(pivot))) return false;
      a[row + i] = Math.sqrt(pivot);
    }
  }
  return true;
}

/** Solves LLᵀ y = b in place of `b`, `l` as `cholesky` leaves it. */
export function choleskySolve(l: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let s = b[i];
    for (let j = 0; j < i; j++) s -= l[i * size + j] * b[j];
    b[i] = s / l[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    b[i] /= l[i * size + i];
    const s = b[i];
    for (let j = 0; j < i; j++) b[j] -= l[i * size + j] * s;
  }
}

/** L⁻¹ transposed, `[size, size]`: row i is column i of L⁻¹, 0 before its place i. */
export function choleskyRoot(l: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    out[row + i] = 1 / l[row + i];
    for (let r = i + 1; r < size; r++) {
      let s = 0;
      let t = 0;
      let c = i;
      for (; c + 1 < r; c += 2) {
        s += l[r * size + c] * out[row + c];
        t += l[r * size + c + 1] * out[row + c + 1];
      }
      if (c < r) s += l[r * size + c] * out[row + c];
      out[row + r] = -(s + t) / l[r * size + r];
    }
  }
  return out;
}

/** L_ij of the rows i from `first` on, j before them. */
function columnOfRows(a: Float64Array, size: number, first: number, j: number): void {
  const p = first * size;
  const q = p + size;
  const r = q + size;
  const s = r + size;
  const row = j * size;
  let u = 0;
  let v = 0;
  let w = 0;
  let z = 0;
  for (let k = 0; k < j; k++) {
    const l = a[row + k];
    u += a[p + k] * l;
    v += a[q + k] * l;
    w += a[r + k] * l;
    z += a[s + k] * l;
  }
  const pivot = a[row + j];
  a[p + j] = (a[p + j] - u) / pivot;
  a[q + j] = (a[q + j] - v) / pivot;
  a[r + j] = (a[r + j] - w) / pivot;
  a[s + j] = (a[s + j] - z) / pivot;
}

/** Two sums, so that one addition need not wait for the other. */
function dot(a: Float64Array, p: number, q: number, length: number): number {
  let s = 0;
  let t = 0;
  let k = 0;
  for (; k + 1 < length; k += 2) {
    s += a[p + k] * a[q + k];
    t += a[p + k + 1] * a[q + k + 1];
  }
  return k < length ? s + t + a[p + k] * a[q + k] : s + t;
}
