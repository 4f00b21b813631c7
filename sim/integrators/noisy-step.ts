import { renormalize } from "../clouds/renormalize.ts";

/**
 * One Euler–Maruyama step on the sphere, x_i ← normalize(x_i + h v_i + a P^⊥ξ_i), a = √(2h/κ) (R §7; weak order 1).
 *
 * @param x - `[n, d]`, unit rows, changed.
 * @param v - `[n, d]`, tangent.
 * @param amplitude - a; 0 draws nothing.
 * @param normal - Independent standard normal numbers.
 * @param xi - `[d]`, scratch.
 */
export function noisyStep(
  x: Float64Array,
  v: Float64Array,
  h: number,
  amplitude: number,
  normal: () => number,
  xi: Float64Array,
): void {
  const d = xi.length;
  const n = x.length / d;
  for (let i = 0; i < n; i++) {
    let along = 0;
    if (amplitude > 0) {
      for (let k = 0; k < d; k++) {
        xi[k] = normal();
        along += xi[k] * x[i * d + k];
      }
    }
    for (let k = i * d; k < (i + 1) * d; k++) {
      const kick = amplitude > 0 ? amplitude * (xi[k - i * d] - along * x[k]) : 0;
      x[k] += h * v[k] + kick;
    }
  }
  renormalize(x, 0, n, d, x);
}
