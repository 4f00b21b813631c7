import { indexOfLeast } from "./align.ts";

/**
 * Where a distance is least, between values of β that were tried: the lowest point of the parabola through the squares of the
 * smallest and its neighbours, over ln β. Where a fit is exact the distance has a corner, |ln β − ln β₀|, and its square none;
 * where it is not, both are round.
 *
 * @param betas - Ascending, positive. Where the smallest value is at an end, that end.
 * @param values - Distances, ≥ 0.
 */
export function lowestBeta(betas: readonly number[], values: readonly number[]): number {
  const best = indexOfLeast(values);
  if (best === 0 || best === values.length - 1) return betas[best];
  const [a, b, c] = [best - 1, best, best + 1].map((i) => Math.log(betas[i]));
  const [u, v, w] = [best - 1, best, best + 1].map((i) => values[i] ** 2);
  const [left, right] = [(v - u) / (b - a), (w - v) / (c - b)];
  // Slopes at the middles of the two sides; the lowest point is where the line through them is zero.
  const [m, n] = [(a + b) / 2, (b + c) / 2];
  const lowest = right === left ? b : m - (left * (n - m)) / (right - left);
  return Math.exp(Math.min(c, Math.max(a, lowest)));
}
