/** Σ_i weights[i] k_i, without the terms whose weight is 0. */
export interface SlopeSum {
  readonly slopes: readonly Float64Array[];
  readonly weights: readonly number[];
}

/** Leaves out the slopes whose weight is 0: they are never read. */
export function slopeSum(slopes: readonly Float64Array[], weights: readonly number[]): SlopeSum {
  const used = weights.flatMap((weight, i) => (weight === 0 ? [] : [i]));
  return { slopes: used.map((i) => slopes[i]), weights: used.map((i) => weights[i]) };
}

/**
 * out = x + scale · Σ_i weights[i] k_i over one system: `size` numbers from `at` in x and each k, from `outAt` in `out`.
 * Four slopes a pass: a step moves far more numbers than it computes.
 *
 * @param from - The x of the formula; `null` for 0.
 */
export function linearCombination(
  out: Float64Array,
  outAt: number,
  from: Float64Array | null,
  sum: SlopeSum,
  at: number,
  scale: number,
  size: number,
): void {
  if (!from) out.fill(0, outAt, outAt + size);
  addSlopes(out, outAt, from ?? out, from ? at : outAt, sum, 0, at, scale, size);
  for (let i = 4; i < sum.slopes.length; i += 4) addSlopes(out, outAt, out, outAt, sum, i, at, scale, size);
}

/** out = x + scale · (the terms i … i + 3 of the sum). */
function addSlopes(
  out: Float64Array,
  outAt: number,
  x: Float64Array,
  xAt: number,
  { slopes, weights }: SlopeSum,
  i: number,
  at: number,
  scale: number,
  size: number,
): void {
  const [p, q, r, s] = [slopes[i], slopes[i + 1], slopes[i + 2], slopes[i + 3]];
  const [a, b, c, e] = [scale * weights[i], scale * weights[i + 1], scale * weights[i + 2], scale * weights[i + 3]];
  if (!p) {
    for (let m = 0; m < size; m++) out[outAt + m] = x[xAt + m];
  } else if (!q) {
    for (let m = 0; m < size; m++) out[outAt + m] = x[xAt + m] + a * p[at + m];
  } else if (!r) {
    for (let m = 0; m < size; m++) out[outAt + m] = x[xAt + m] + a * p[at + m] + b * q[at + m];
  } else if (!s) {
    for (let m = 0; m < size; m++) out[outAt + m] = x[xAt + m] + a * p[at + m] + b * q[at + m] + c * r[at + m];
  } else {
    for (let m = 0; m < size; m++) {
      out[outAt + m] = x[xAt + m] + a * p[at + m] + b * q[at + m] + c * r[at + m] + e * s[at + m];
    }
  }
}
