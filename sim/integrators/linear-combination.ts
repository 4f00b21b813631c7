/**
 * out = x + scale · Σ_i weights[i] k_i over one system: `size` numbers from `at` in x and each k, from `outAt` in `out`.
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
  const w = (i: number) => (i < weights.length ? scale * weights[i] : 0);
  const k = (i: number) => slopes[Math.min(i, weights.length - 1)];
  let i = from ? 0 : 1;
  addFour(
    out,
    outAt,
    from ?? slopes[0],
    at,
    from ? 1 : w(0),
    k(i),
    k(i + 1),
    k(i + 2),
    k(i + 3),
    at,
    w(i),
    w(i + 1),
    w(i + 2),
    w(i + 3),
    size,
  );
  for (i += 4; i < weights.length; i += 4) {
    addFour(
      out,
      outAt,
      out,
      outAt,
      1,
      k(i),
      k(i + 1),
      k(i + 2),
      k(i + 3),
      at,
      w(i),
      w(i + 1),
      w(i + 2),
      w(i + 3),
      size,
    );
  }
}

/** out = f·x + a·p + b·q + c·r + e·s. Four slopes a pass: a step moves far more numbers than it computes. */
function addFour(
  out: Float64Array,
  outAt: number,
  x: Float64Array,
  xAt: number,
  f: number,
  p: Float64Array,
  q: Float64Array,
  r: Float64Array,
  s: Float64Array,
  at: number,
  a: number,
  b: number,
  c: number,
  e: number,
  size: number,
): void {
  if (b === 0 && c === 0 && e === 0) {
    for (let m = 0; m < size; m++) out[outAt + m] = f * x[xAt + m] + a * p[at + m];
  } else if (c === 0 && e === 0) {
    for (let m = 0; m < size; m++) out[outAt + m] = f * x[xAt + m] + a * p[at + m] + b * q[at + m];
  } else if (e === 0) {
    for (let m = 0; m < size; m++) out[outAt + m] = f * x[xAt + m] + a * p[at + m] + b * q[at + m] + c * r[at + m];
  } else {
    for (let m = 0; m < size; m++) {
      out[outAt + m] = f * x[xAt + m] + a * p[at + m] + b * q[at + m] + c * r[at + m] + e * s[at + m];
    }
  }
}
