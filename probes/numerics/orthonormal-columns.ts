import { addScaled, dot, scale } from "./vectors.ts";

/** Sweeps of one-sided Jacobi before giving up; six are usual. */
const MAX_SWEEPS = 60;

/**
 * An orthonormal basis of the space that some columns span, directions whose singular value is below `drop` times the largest
 * left out; columns are brought to length 1 first, so that none counts for its units.
 *
 * Gram–Schmidt with a second pass (Parlett & Kahan: "twice is enough"), then the singular values of the small triangle by
 * one-sided Jacobi (Demmel & Veselić 1992). Unlike normal equations it squares no condition number: values down to 1e-14
 * of the largest are told apart.
 *
 * @param columns - All of one length, that of each vector handed back. Not changed. A column of zeros adds nothing.
 */
export function orthonormalColumns(columns: readonly Float64Array[], drop = 1e-10): readonly Float64Array[] {
  const { basis, triangle } = gramSchmidt(columns);
  const size = columns.length;
  const rotated = jacobi(triangle, size);
  const values = rotated.map((column) => length(column));
  const largest = Math.max(0, ...values);
  return rotated.flatMap((column, c) => {
    if (!(values[c] > drop * largest)) return [];
    const out = new Float64Array(columns[0].length);
    for (let r = 0; r < size; r++) addScaled(out, basis[r], column[r] / values[c]);
    return [out];
  });
}

/** Columns of length 1 = basis · triangle; `triangle[c]` is column c. A column that adds no direction has a basis vector 0. */
function gramSchmidt(columns: readonly Float64Array[]) {
  const basis: Float64Array[] = [];
  const triangle = columns.map((given) => {
    const rest = Float64Array.from(given);
    const coordinates = new Float64Array(columns.length);
    const size = length(rest);
    if (size > 0) scale(rest, 1 / size);
    for (let pass = 0; pass < 2; pass++) {
      for (const [r, direction] of basis.entries()) {
        const along = dot(rest, direction);
        addScaled(rest, direction, -along);
        coordinates[r] += along;
      }
    }
    const left = length(rest);
    coordinates[basis.length] = left;
    if (left > 0) scale(rest, 1 / left);
    // What is left of a dependent column is rounding, and not orthogonal once it is magnified.
    for (const direction of basis) addScaled(rest, direction, -dot(rest, direction));
    const again = length(rest);
    basis.push(again > 0 ? scale(rest, 1 / again) : rest);
    return coordinates;
  });
  return { basis, triangle };
}

/** Rotates columns into each other until every two are orthogonal: their lengths are the singular values. */
function jacobi(columns: readonly Float64Array[], size: number): readonly Float64Array[] {
  const a = columns.map((column) => Float64Array.from(column));
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotated = rotate(a[p], a[q]) || rotated;
    if (!rotated) return a;
  }
  return a;
}

function rotate(a: Float64Array, b: Float64Array): boolean {
  const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
  if (Math.abs(ab) <= Number.EPSILON * Math.sqrt(aa * bb)) return false;
  const zeta = (bb - aa) / (2 * ab);
  const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = c * t;
  for (let k = 0; k < a.length; k++) {
    const value = a[k];
    a[k] = c * value - s * b[k];
    b[k] = s * value + c * b[k];
  }
  return true;
}

function length(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
