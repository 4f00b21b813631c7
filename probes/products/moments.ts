/** A spread below this part of the values is rounding, and its shape says nothing. */
const rounding = 1e-13;

/** Moments of the population of values, not estimates for a larger one: `sd` divides by N. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly sd: number;
  /** Third standardized moment; `null` where all values coincide up to rounding. */
  readonly skew: number | null;
  readonly min: number;
  readonly max: number;
}

/** Exact moments in two passes. Needs at least one value. */
export function moments(values: ArrayLike<number>): Moments {
  const count = values.length;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let p = 0; p < count; p++) {
    const v = values[p];
    sum += v;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  const mean = sum / count;
  const { m2, m3 } = centralMoments(values, mean);
  const sd = min === max ? 0 : Math.sqrt(m2);
  const shaped = sd > rounding * Math.max(-min, max);
  return { count, mean, sd, skew: shaped ? m3 / sd ** 3 : null, min, max };
}

function centralMoments(values: ArrayLike<number>, mean: number): { readonly m2: number; readonly m3: number } {
  let s2 = 0;
  let s3 = 0;
  for (let p = 0; p < values.length; p++) {
    const c = values[p] - mean;
    s2 += c * c;
    s3 += c * c * c;
  }
  return { m2: s2 / values.length, m3: s3 / values.length };
}
