import { mean } from "../../probes/numerics/mean.ts";
import { difference, dot } from "../../probes/numerics/vectors.ts";

/** Three lags between layers after the first. */
const LEAST_LAYERS = 5;

/**
 * How much fresh noise each token has in every layer: root mean square length σ of a tangent vector drawn anew for each token and
 * layer, in radians. Noise that stays with a token, steps that add up and a prediction that drifts away are no such noise: they grow
 * with the lag between two layers, fresh noise does not. V(h), the mean square change of the residuals of inner products over a lag h,
 * is taken as 2s² + ah + bh²; the value at lag 0 (the nugget of a variogram) is from h = 1, 2, 3. A product of unit tokens x, y in
 * R^d that each have noise σ varies by s² = 2σ²(1 − ⟨x, y⟩²)/(d − 1).
 *
 * @param observed - Products of all pairs, one array a layer.
 * @param predicted - Of the same pairs, simulated from the first layer.
 * @param d - Width that the noise has, at least 2.
 * @returns `null` with fewer than five layers; 0 where what is left is no fresh noise.
 */
export function freshNoise(
  observed: readonly Float64Array[],
  predicted: readonly Float64Array[],
  d: number,
): number | null {
  if (observed.length < LEAST_LAYERS || d < 2) return null;
  const residuals = observed.slice(1).map((values, k) => difference(values, predicted[k + 1]));
  const [v1, v2, v3] = [1, 2, 3].map((lag) => meanSquareChange(residuals, lag));
  const nugget = (3 * v1 - 3 * v2 + v3) / 2;
  const later = observed.slice(1);
  const tangent = mean(later.map((values) => 1 - meanSquare(values)));
  return nugget <= 0 || tangent <= 0 ? 0 : Math.sqrt((nugget * (d - 1)) / (2 * tangent));
}

function meanSquareChange(residuals: readonly Float64Array[], lag: number): number {
  return mean(residuals.slice(lag).map((later, k) => meanSquare(difference(later, residuals[k]))));
}

function meanSquare(values: Float64Array): number {
  return dot(values, values) / values.length;
}
