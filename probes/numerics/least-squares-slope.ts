import { mean } from "./mean.ts";

/** Slope of the line through points by least squares; `null` where all lie at one x. */
export function leastSquaresSlope(x: readonly number[], y: readonly number[]): number | null {
  const [mx, my] = [mean(x), mean(y)];
  const square = x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
  return square > 0 ? x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0) / square : null;
}
