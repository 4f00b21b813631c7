/** Diagonal entries that are this part of the largest are rounding. */
const ROUNDING = 1e-15;

/**
 * A positive semidefinite n × n matrix as G = TᵀT, T of rank × n entries, row-major: Cholesky with complete pivoting (Golub and
 * Van Loan, Matrix Computations, §4.2.8), which stops where nothing but rounding is left. Both triangles of `gram` are read.
 */
export function pivotedCholesky(gram: Float64Array, n: number): { readonly t: Float64Array; readonly rank: number } {
  const t = new Float64Array(n * n);
  const left = Float64Array.from({ length: n }, (_, k) => gram[k * n + k]);
  const least = ROUNDING * n * left.reduce((most, value) => Math.max(most, value), 0);
  let rank = 0;
  while (rank < n) {
    const pivot = left.reduce((best, value, k) => (value > left[best] ? k : best), 0);
    if (!(left[pivot] > least)) break;
    const root = Math.sqrt(left[pivot]);
    const row = rank * n;
    for (let j = 0; j < n; j++) {
      if (left[j] < 0) continue; // It was a pivot.
      let sum = gram[pivot * n + j];
      for (let k = 0; k < row; k += n) sum -= t[k + pivot] * t[k + j];
      t[row + j] = sum / root;
      left[j] -= t[row + j] ** 2;
    }
    t[row + pivot] = root;
    left[pivot] = -1;
    rank++;
  }
  return { t: t.subarray(0, rank * n), rank };
}
