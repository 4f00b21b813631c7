/**
 * Householder reduction of a symmetric n × n matrix to tridiagonal form with the same eigenvalues (Golub and Van Loan,
 * Matrix Computations, algorithm 8.3.1). `a` is row-major, its upper triangle is read and destroyed. Writes `diagonal`
 * (n) and `off` (n, the last unused).
 *
 * Each step needs A ← A − vwᵀ − wvᵀ and then Au for the next reflector u. Both are done in one pass over the triangle:
 * row k is brought up to date first, for u depends on it alone.
 */
export function tridiagonalize(a: Float64Array, n: number, diagonal: Float64Array, off: Float64Array): void {
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  const u = new Float64Array(n);
  const y = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    for (let j = k; j < n; j++) a[k * n + j] -= v[k] * w[j] + w[k] * v[j];
    diagonal[k] = a[k * n + k];
    if (k === n - 1) return;
    const tau = reflector(a.subarray(k * n, (k + 1) * n), k + 1, u, off);
    updateAndMultiply(a, n, k + 1, v, w, u, y);
    let dot = 0;
    for (let j = k + 1; j < n; j++) dot += y[j] * u[j];
    const half = (tau * dot) / 2;
    for (let j = k + 1; j < n; j++) {
      w[j] = tau * (y[j] - half * u[j]);
      v[j] = u[j];
    }
  }
}

/** The reflector I − τuuᵀ that takes row[from …] to (off, 0, …): writes u and off[from − 1], returns τ. */
function reflector(row: Float64Array, from: number, u: Float64Array, off: Float64Array): number {
  const first = row[from];
  let tail = 0;
  for (let j = from + 1; j < row.length; j++) tail += row[j] * row[j];
  u[from] = 1;
  if (tail === 0) {
    u.fill(0, from + 1);
    off[from - 1] = first;
    return 0;
  }
  const beta = first > 0 ? -Math.sqrt(first * first + tail) : Math.sqrt(first * first + tail);
  for (let j = from + 1; j < row.length; j++) u[j] = row[j] / (first - beta);
  off[from - 1] = beta;
  return (beta - first) / beta;
}

/**
 * A ← A − vwᵀ − wvᵀ and y ← Au on rows and columns from … n − 1 of the upper triangle. Two rows at a time, so that u, v, w
 * and y are fetched once for both.
 */
function updateAndMultiply(
  a: Float64Array,
  n: number,
  from: number,
  v: Float64Array,
  w: Float64Array,
  u: Float64Array,
  y: Float64Array,
): void {
  y.fill(0, from);
  let i = from;
  for (; i + 1 < n; i += 2) updateTwoRows(a, n, i, v, w, u, y);
  if (i < n) {
    const p = i * n + i;
    a[p] -= 2 * v[i] * w[i];
    y[i] += a[p] * u[i];
  }
}

function updateTwoRows(
  a: Float64Array,
  n: number,
  i: number,
  v: Float64Array,
  w: Float64Array,
  u: Float64Array,
  y: Float64Array,
): void {
  const p = i * n;
  const q = p + n;
  const v0 = v[i];
  const v1 = v[i + 1];
  const w0 = w[i];
  const w1 = w[i + 1];
  const u0 = u[i];
  const u1 = u[i + 1];
  const a00 = a[p + i] - 2 * v0 * w0;
  const a01 = a[p + i + 1] - (v0 * w1 + w0 * v1);
  const a11 = a[q + i + 1] - 2 * v1 * w1;
  a[p + i] = a00;
  a[p + i + 1] = a01;
  a[q + i + 1] = a11;
  let s0 = a00 * u0 + a01 * u1;
  let s1 = a01 * u0 + a11 * u1;
  for (let j = i + 2; j < n; j++) {
    const vj = v[j];
    const wj = w[j];
    const uj = u[j];
    const b0 = a[p + j] - (v0 * wj + w0 * vj);
    const b1 = a[q + j] - (v1 * wj + w1 * vj);
    a[p + j] = b0;
    a[q + j] = b1;
    s0 += b0 * uj;
    s1 += b1 * uj;
    y[j] += b0 * u0 + b1 * u1;
  }
  y[i] += s0;
  y[i + 1] += s1;
}
