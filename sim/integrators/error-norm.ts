import type { Geometry } from "../dynamics/dynamics.ts";

/**
 * The largest error of any token, in units of its tolerance. On the sphere the part of an error along the token is
 * nothing (renormalising removes it), so the tangent part is measured.
 *
 * @param error - `[n, d]`: difference of the embedded pair.
 * @param x - The new state; rows `[n, d]` from `at`.
 * @returns NaN where anything is.
 */
export function errorNorm(
  error: Float64Array,
  x: Float64Array,
  at: number,
  n: number,
  d: number,
  geometry: Geometry,
  rtol: number,
  atol: number,
): number {
  let worst = 0;
  for (let i = 0; i < n; i++) {
    let ee = 0;
    let ex = 0;
    let xx = 0;
    for (let k = 0; k < d; k++) {
      const e = error[i * d + k];
      const y = x[at + i * d + k];
      ee += e * e;
      ex += e * y;
      xx += y * y;
    }
    const squared = geometry === "sphere" ? Math.max(0, ee - (ex * ex) / xx) : ee;
    const scaled = Math.sqrt(squared) / (atol + rtol * Math.sqrt(xx));
    if (!(scaled <= worst)) worst = scaled;
    if (Number.isNaN(scaled)) return Number.NaN;
  }
  return worst;
}
