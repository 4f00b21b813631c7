import { leadingEigenvalue } from "../../probes/numerics/leading-eigenvalue.ts";
import { symmetricEigenvalues } from "../../probes/numerics/symmetric-eigenvalues.ts";

/** Shift along the sphere, in kernel widths β^{−1/2}: the error of order 4 and rounding are both some 1e-12. */
const SHIFT = 1e-3;
/** Asymmetry up to which a matrix is symmetric but for the error of differences. */
const SYMMETRIC = 1e-8;

/** Writes the velocities of a cloud `[n, d]`. */
type Velocity = (x: Float64Array, out: Float64Array) => void;

/**
 * Eigenvalues of the Jacobian of a field on the sphere at a point of rest, largest first: all where it is symmetric, else the leading one where
 * that is real.
 *
 * @param x - Unit rows `[n, d]`.
 * @param sharpness - |β|: how fast the field changes.
 */
export function leadingRates(
  velocity: Velocity,
  x: Float64Array,
  n: number,
  d: number,
  sharpness: number,
): readonly number[] | null {
  const size = n * (d - 1);
  const matrix = jacobian(velocity, x, n, d, SHIFT / Math.sqrt(1 + sharpness));
  if (asymmetry(matrix, size) <= SYMMETRIC) return [...symmetricEigenvalues(matrix, size)];
  const leading = leadingEigenvalue(matrix, size);
  return leading === null ? null : [leading];
}

/** In an orthonormal basis of the tangent space of each token. */
function jacobian(velocity: Velocity, x: Float64Array, n: number, d: number, h: number): Float64Array {
  const size = n * (d - 1);
  const bases = Array.from({ length: n }, (_, i) => tangentBasis(x.subarray(i * d, (i + 1) * d)));
  const [moved, v, slope] = [Float64Array.from(x), new Float64Array(n * d), new Float64Array(n * d)];
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < n; i++) {
    bases[i].forEach((e, a) => {
      slope.fill(0);
      for (const [steps, weight] of [
        [-2, 1 / 12],
        [-1, -8 / 12],
        [1, 8 / 12],
        [2, -1 / 12],
      ]) {
        const [c, s] = [Math.cos(steps * h), Math.sin(steps * h)];
        for (let k = 0; k < d; k++) moved[i * d + k] = c * x[i * d + k] + s * e[k];
        velocity(moved, v);
        for (let k = 0; k < v.length; k++) slope[k] += (weight / h) * v[k];
      }
      moved.set(x.subarray(i * d, (i + 1) * d), i * d);
      for (let j = 0; j < n; j++) {
        bases[j].forEach((f, b) => {
          const row = j * (d - 1) + b;
          for (let k = 0; k < d; k++) matrix[row * size + i * (d - 1) + a] += f[k] * slope[j * d + k];
        });
      }
    });
  }
  return matrix;
}

/** d − 1 unit vectors orthogonal to x and to each other: the rows of Householder's reflection of x to an axis, without that one. */
function tangentBasis(x: Float64Array): Float64Array[] {
  const axis = x.reduce((best, value, k) => (Math.abs(value) > Math.abs(x[best]) ? k : best), 0);
  const u = Float64Array.from(x);
  u[axis] += Math.sign(x[axis]);
  const square = u.reduce((sum, value) => sum + value * value, 0);
  return [...u.keys()].flatMap((row) =>
    row === axis ? [] : [u.map((value, k) => Number(k === row) - (2 * u[row] * value) / square)],
  );
}

function asymmetry(a: Float64Array, size: number): number {
  let [most, largest] = [0, 1e-300];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      most = Math.max(most, Math.abs(a[i * size + j] - a[j * size + i]));
      largest = Math.max(largest, Math.abs(a[i * size + j]));
    }
  }
  return most / Math.max(largest, 1e-3);
}
