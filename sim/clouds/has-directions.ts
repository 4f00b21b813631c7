/** Whether every row `[n, d]` has a direction: a step too long for float64 leaves zeros or no numbers. */
export function hasDirections(x: Float64Array, n: number, d: number): boolean {
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += x[i * d + k] ** 2;
    if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) return false;
  }
  return true;
}
