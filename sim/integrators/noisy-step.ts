import { renormalize } from "../clouds/renormalize.ts";

/**
 * One Euler–Maruyama step on the sphere, x_i ← normalize(x_i + h v_i + a P^⊥ξ_i), a = √(2h/κ) (R §7; weak order 1).
 *
 * @param x - `[n, d]`, unit rows, changed.
 * @param v - `[n, d]`, tangent.
 * @param amplitude - a; 0 draws nothing.
 * @param fill - Writes independent standard normal numbers, a token's after the other.
 * @param xi - `[d]`, scratch.
 */
export function noisyStep(
  x: Float64Array,
  v: Float64Array,
  h: number,
  amplitude: number,
  fill: (out: Float64Array) => void,
  xi: Float64Array,
): void {
  const d = xi.length;
  const n = x.length / d;
  for (let i = 0; i < n; i++) {
    const at = i * d;
    if (amplitude === 0) {
      for (let k = at; k < at + d; k++) x[k] += h * v[k];
      continue;
    }
    fill(xi);
    let along = 0;
    for (let k = 0; k < d; k++) along += xi[k] * x[at + k];
    for (let k = 0; k < d; k++) x[at + k] += h * v[at + k] + amplitude * (xi[k] - along * x[at + k]);
  }
  renormalize(x, 0, n, d, x);
}
