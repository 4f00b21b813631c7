/**
 * out = x + scale · Σ_i weights[i] k_i over one system, `size` numbers from `at` in `x` and each k, from `outAt` in `out`.
 * Three slopes a pass: an explicit step reads and writes far more than it computes.
 *
 * @param from - The x of the formula; `null` for 0.
 */
export function linearCombination(
  out: Float64Array,
  outAt: number,
  from: Float64Array | null,
  slopes: readonly Float64Array[],
  at: number,
  weights: ArrayLike<number>,
  scale: number,
  size: number,
): void {
  if (from) for (let e = 0; e < size; e++) out[outAt + e] = from[at + e];
  else out.fill(0, outAt, outAt + size);
  for (let i = 0; i < weights.length; i += 3) {
    const last = weights.length - 1;
    const [i1, i2] = [Math.min(i + 1, last), Math.min(i + 2, last)];
    const w1 = i + 1 > last ? 0 : scale * weights[i1];
    const w2 = i + 2 > last ? 0 : scale * weights[i2];
    addThree(out, outAt, slopes[i], slopes[i1], slopes[i2], at, scale * weights[i], w1, w2, size);
  }
}

function addThree(
  out: Float64Array,
  outAt: number,
  u: Float64Array,
  v: Float64Array,
  w: Float64Array,
  at: number,
  a: number,
  b: number,
  c: number,
  size: number,
): void {
  for (let e = 0; e < size; e++) out[outAt + e] += a * u[at + e] + b * v[at + e] + c * w[at + e];
}
