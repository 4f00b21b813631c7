/** Weights divided by their sum. Missing weights (checked before) give none. */
export function masses(weights: readonly number[] | undefined): Float64Array | undefined {
  if (!weights) return undefined;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float64Array.from(weights, (weight) => weight / total);
}
