/**
 * The Cholesky factor L of a symmetric positive definite matrix, A = LLᵀ, in place of the lower triangle of `a` `[size, size]`;
 * the strict upper triangle is neither read nor changed (Golub and Van Loan, algorithm 4.2.1, by rows).
 *
 * @returns false where a pivot is not positive: `a` is then spoilt.
 */
export function cholesky(a: Float64Array, size: number): boolean {
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j < i; j++) {
      a[row + j] = (a[row + j] - dot(a, row, j * size, j)) / a[j * size + j];
    }
    const pivot = a[row + i] - dot(a, row, row, i);
    if (!(pivot > 0 && Number.isFinite(pivot))) return false;
    a[row + i] = Math.sqrt(pivot);
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

/** The whole inverse `[size, size]` of LLᵀ. */
export function choleskyInverse(l: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = out.subarray(i * size, (i + 1) * size);
    row[i] = 1;
    choleskySolve(l, size, row);
  }
  return out;
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
