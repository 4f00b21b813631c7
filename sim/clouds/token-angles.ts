/**
 * Angle in radians between each token of one cloud and the same token of another, from the chord: exact for small angles,
 * where the cosine is not.
 *
 * @param a - `[n, d]`, unit rows.
 * @param b - `[n, d]`, unit rows.
 * @returns `[n]`.
 */
export function tokenAngles(a: Float64Array, b: Float64Array, d: number): Float64Array {
  return Float64Array.from({ length: a.length / d }, (_, i) => {
    let squared = 0;
    for (let e = i * d; e < (i + 1) * d; e++) squared += (a[e] - b[e]) ** 2;
    return 2 * Math.asin(Math.min(1, Math.sqrt(squared) / 2));
  });
}
