/**
 * Ratios I_{ν+j+1}(x)/I_{ν+j}(x) for j = 0 … count − 1, by the backward continued fraction
 * r_j = 1/(2(ν+j+1)/x + r_{j+1}) (Amos 1974), which contracts errors at every step. No I_ν is formed: at large ν they
 * underflow.
 *
 * @param nu - ≥ 0.
 * @param x - > 0.
 */
export function besselRatios(nu: number, x: number, count: number): Float64Array {
  const ratios = new Float64Array(count);
  const start = count + 60 + Math.ceil(1.5 * x);
  let r = x / (2 * (nu + start + 1));
  for (let j = start; j >= 0; j--) {
    r = 1 / ((2 * (nu + j + 1)) / x + r);
    if (j < count) ratios[j] = r;
  }
  return ratios;
}
