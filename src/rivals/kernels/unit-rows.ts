/** Lengths below this have no direction but rounding. */
const NO_LENGTH = 1e-12;

/** Brings row i of `p` `[n, d]` to length 1; a row without direction becomes row i of `otherwise`. */
export function unitRow(p: Float64Array, d: number, i: number, otherwise: ArrayLike<number>): void {
  let s = 0;
  for (let q = i * d; q < (i + 1) * d; q++) s += p[q] * p[q];
  const length = Math.sqrt(s);
  const known = length > NO_LENGTH;
  for (let q = i * d; q < (i + 1) * d; q++) p[q] = known ? p[q] / length : otherwise[q];
}
