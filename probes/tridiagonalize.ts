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

/** A ← A − vwᵀ − wvᵀ and y ← Au on rows and columns from … n − 1 of the upper triangle. */
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
  for (let i = from; i < n; i++) {
    const row = i * n;
    const vi = v[i];
    const wi = w[i];
    const ui = u[i];
    const aii = a[row + i] - 2 * vi * wi;
    a[row + i] = aii;
    let s = aii * ui;
    for (let j = i + 1; j < n; j++) {
      const aij = a[row + j] - (vi * w[j] + wi * v[j]);
      a[row + j] = aij;
      s += aij * u[j];
      y[j] += aij * ui;
    }
    y[i] += s;
  }
}
