/** Fraction of the values strictly above the threshold; 0 where there are none. */
export function massAbove(values: ArrayLike<number>, threshold: number): number {
  let above = 0;
  for (let p = 0; p < values.length; p++) if (values[p] > threshold) above++;
  return values.length === 0 ? 0 : above / values.length;
}

/** `massAbove` of values that ascend. */
export function sortedMassAbove(sorted: ArrayLike<number>, threshold: number): number {
  let below = sorted.length;
  while (below > 0 && sorted[below - 1] > threshold) below--;
  return sorted.length === 0 ? 0 : (sorted.length - below) / sorted.length;
}
