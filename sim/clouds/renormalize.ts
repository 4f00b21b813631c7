/** Rows `[n, d]` from `at` in `x`, divided by their lengths, to the same place in `out` (which may be `x`). */
export function renormalize(x: Float64Array, at: number, n: number, d: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = at + i * d;
    let sum = 0;
    for (let k = 0; k < d; k++) sum += x[row + k] * x[row + k];
    const scale = 1 / Math.sqrt(sum);
    for (let k = 0; k < d; k++) out[row + k] = x[row + k] * scale;
  }
}
