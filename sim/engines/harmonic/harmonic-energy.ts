import { circle } from "./circle.ts";
import { sphere } from "./sphere.ts";

/**
 * ln Σ_ij m_i m_j e^{β(⟨x_i, x_j⟩ − 1)} by harmonics, O(n K) on the circle and O(n K²) on S²: the mean of Z over the tokens.
 *
 * @param x - Unit rows `[n, d]`, d = 2 or 3.
 * @param beta - 0 ≤ β ≤ 10⁶, on S² 10⁴.
 * @param masses - `[n]`, of 1 in all. Left out: all equal.
 * @throws TokensphereError `usage` where β is too large.
 */
export function harmonicLogMean(x: Float64Array, n: number, d: 2 | 3, beta: number, masses?: Float64Array): number {
  const space = d === 2 ? circle : sphere;
  const weights = masses ?? new Float64Array(n).fill(1 / n);
  const field = new Float64Array(n * space.stride);
  space.sumsAt(beta, weights).evaluate(x, field);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += weights[i] * field[space.stride * i];
  return Math.log(sum);
}
