/** Stands for a pivot that is 0, relative to the largest entry: the solution is then huge along the null vector. */
const tinyPivot = 1e-300;

/** Solves Ax = b for a square row-major A by Gaussian elimination with row pivoting. Neither argument is changed. */
export function solveLinear(matrix: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const a = matrix.slice();
  const x = b.slice();
  for (let k = 0; k < n; k++) {
    swapRows(a, x, n, k, pivotRow(a, n, k));
    if (a[k * n + k] === 0) a[k * n + k] = tinyPivot;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / a[k * n + k];
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
      x[i] -= factor * x[k];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i] -= a[i * n + j] * x[j];
    x[i] /= a[i * n + i];
  }
  return x;
}

function pivotRow(a: Float64Array, n: number, k: number): number {
  let best = k;
  for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[best * n + k])) best = i;
  return best;
}

function swapRows(a: Float64Array, x: Float64Array, n: number, p: number, q: number): void {
  if (p === q) return;
  const row = a.slice(p * n, (p + 1) * n);
  a.copyWithin(p * n, q * n, (q + 1) * n);
  a.set(row, q * n);
  [x[p], x[q]] = [x[q], x[p]];
}
