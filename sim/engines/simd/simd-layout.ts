/** What a kernel is written for. */
export interface SimdForm {
  readonly n: number;
  readonly d: number;
  /** Divide by the sums of weights (SA); else by what stands in `own` (USA). */
  readonly softmax: boolean;
  /** Add `bias` to the exponents. */
  readonly weighted: boolean;
}

/**
 * Where a kernel's arrays lie in memory, in bytes. Coordinates are rows over tokens, `[d, padded]`; tokens go in
 * twos, so an odd one out has a companion far off.
 */
export interface SimdLayout {
  /** Tokens in a row. */
  readonly padded: number;
  /** Bytes of a row, and from one row of coordinates to the next. */
  readonly row: number;
  readonly stride: number;
  /** A coordinate so far off that its weight is 0. */
  readonly far: number;
  /** log₂ of the masses, `[padded]`. */
  readonly bias: number;
  /** Divisors before any pair is seen, `[padded]`. */
  readonly own: number;
  readonly divisors: number;
  /** Weights of the two tokens at work, `[2, padded]`. */
  readonly weights: number;
  /** Directions, `[d, padded]` with `stride`. */
  readonly theta: number;
  /** Σ_j w_ij (θ_j − θ_i), `[d, padded]` with `stride`. */
  readonly field: number;
  /** The cloud, `[n, d]`, and its velocity. */
  readonly x: number;
  readonly out: number;
  /** The first byte behind all. */
  readonly end: number;
}

/** Lays out the arrays for n tokens of width d, one behind the other. */
export function simdLayout({ n, d }: Pick<SimdForm, "d" | "n">): SimdLayout {
  const padded = n + (n % 2);
  const row = 8 * padded;
  // Rows a power of two apart would compete for the same places of the cache.
  const stride = row % 512 === 0 ? row + 80 : row;
  const far = 0;
  const bias = 16;
  const own = bias + row;
  const divisors = own + row;
  const weights = divisors + row;
  const theta = weights + 2 * row;
  const field = theta + d * stride;
  const x = field + d * stride;
  const out = x + 8 * n * d;
  return { padded, row, stride, far, bias, own, divisors, weights, theta, field, x, out, end: out + 8 * n * d };
}
