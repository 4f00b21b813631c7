/** Weights divided by their sum. Missing weights (checked before) give none. */
export function masses(weights: readonly number[] | undefined): Float64Array | undefined {
  if (!weights) return undefined;
  // By the largest first, so that no sum overflows.
  const most = weights.reduce((a, b) => Math.max(a, b), 0);
  const total = weights.reduce((sum, weight) => sum + weight / most, 0);
  return Float64Array.from(weights, (weight) => weight / most / total);
}
