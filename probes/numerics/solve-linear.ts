/** Solves A y = b for one right-hand side, which is left unchanged. */
export type LinearSolver = (b: Float64Array) => Float64Array;

/**
 * Gaussian elimination with row pivots.
 *
 * @param a - `[size, size]`, row-major; written over.
 * @param tinyPivot - Stands for a pivot that is 0: solutions are then huge along the null vector. Default 0: none does.
 * @returns `null` where the matrix is singular or not finite.
 */
export function factorize(a: Float64Array, size: number, tinyPivot = 0): LinearSolver | null {
  const order = Array.from({ length: size }, (_, i) => i);
  for (let k = 0; k < size; k++) {
    let best = k;
    for (let i = k + 1; i < size; i++) {
      if (Math.abs(a[order[i] * size + k]) > Math.abs(a[order[best] * size + k])) best = i;
    }
    [order[k], order[best]] = [order[best], order[k]];
    const at = order[k] * size + k;
    if (a[at] === 0) a[at] = tinyPivot;
    const pivot = a[at];
    if (!(Math.abs(pivot) > 0 && Number.isFinite(pivot))) return null;
    for (let i = k + 1; i < size; i++) eliminate(a, size, order[k] * size, order[i] * size, k);
  }
  return (b) => substitute(a, size, order, b);
}

/** The factor is kept where it made a zero. */
function eliminate(a: Float64Array, size: number, pivotRow: number, row: number, k: number): void {
  const factor = a[row + k] / a[pivotRow + k];
  a[row + k] = factor;
  if (factor === 0) return;
  for (let j = k + 1; j < size; j++) a[row + j] -= factor * a[pivotRow + j];
}

function substitute(lu: Float64Array, size: number, order: readonly number[], b: Float64Array): Float64Array {
  const y = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = b[order[i]];
    for (let j = 0; j < i; j++) sum -= lu[order[i] * size + j] * y[j];
    y[i] = sum;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = y[i];
    for (let j = i + 1; j < size; j++) sum -= lu[order[i] * size + j] * y[j];
    y[i] = sum / lu[order[i] * size + i];
  }
  return y;
}
