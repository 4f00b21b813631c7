/** Euclidean length of a row whose squares neither overflow nor vanish. */
export function norm(row: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < row.length; k++) sum += row[k] * row[k];
  return Math.sqrt(sum);
}
