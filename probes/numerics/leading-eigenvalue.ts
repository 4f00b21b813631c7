import { factorize } from "./solve-linear.ts";

const ROUNDS = 12;
const ITERATIONS = 12;

/**
 * The largest eigenvalue of a real matrix whose leading eigenvalue is real: power iteration on (σ − A)^{−1}, σ above all of
 * them at first and then ever closer.
 *
 * @param a - `[size, size]`, row-major. Not changed.
 * @returns `null` where it does not settle: two leading eigenvalues that are complex, say.
 */
export function leadingEigenvalue(a: Float64Array, size: number): number | null {
  let vector: Float64Array = Float64Array.from({ length: size }, (_, i) => 1 / (1 + i) + 1e-3 * Math.cos(1 + i * i));
  let [shift, value] = [upperBound(a, size), Number.NaN];
  for (let round = 0; round < ROUNDS; round++) {
    const solve = factorize(
      a.map((entry, e) => (e % (size + 1) === 0 ? shift - entry : -entry)),
      size,
    );
    if (!solve) break;
    for (let i = 0; i < ITERATIONS; i++) vector = normalized(solve(vector));
    const image = times(a, vector, size);
    value = image.reduce((sum, entry, i) => sum + entry * vector[i], 0);
    const residual = Math.hypot(...image.map((entry, i) => entry - value * vector[i]));
    if (residual < 1e-9 * Math.max(1e-3, Math.abs(shift - value), Math.abs(value))) return value;
    // From above: the true one may lie within the residual.
    shift = Math.min(shift, value + Math.max(2 * residual, 1e-3 * (shift - value)));
  }
  return null;
}

/** No eigenvalue's real part is larger (Gershgorin, by columns). */
function upperBound(a: Float64Array, size: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < size; j++) {
    let sum = a[j * size + j];
    for (let i = 0; i < size; i++) if (i !== j) sum += Math.abs(a[i * size + j]);
    most = Math.max(most, sum);
  }
  return most + 1e-3 * Math.abs(most) + 1e-12;
}

function normalized(y: Float64Array): Float64Array {
  const length = Math.hypot(...y);
  return y.map((value) => value / length);
}

function times(a: Float64Array, y: Float64Array, size: number): Float64Array {
  return y.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += a[i * size + j] * y[j];
    return sum;
  });
}
