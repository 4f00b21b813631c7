/** The weights b_i(θ) = Σ_m weights[i][m] θ^{m+1} of a method's dense output, 0 ≤ θ ≤ 1. */
export function denseWeights(weights: readonly (readonly number[])[], theta: number): number[] {
  return weights.map((row) => theta * row.reduceRight((sum, coefficient) => sum * theta + coefficient, 0));
}
