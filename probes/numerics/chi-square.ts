import { logGamma } from "./log-gamma.ts";

const ROUNDING = 1e-15;
/** Far more than any argument of a test needs; both expansions converge in about √x terms. */
const MOST_TERMS = 10_000;

/**
 * P(X > x) of a χ² variable with `df` degrees of freedom: the upper incomplete gamma function Q(df/2, x/2), by its series below
 * df/2 + 1 and by Lentz's continued fraction above (Press et al., Numerical Recipes, §6.2). Relative error about 1e-12.
 *
 * @param x - ≥ 0; infinity gives 0.
 * @param df - > 0.
 */
export function chiSquareTail(x: number, df: number): number {
  const [a, z] = [df / 2, x / 2];
  if (z <= 0) return 1;
  if (z === Number.POSITIVE_INFINITY) return 0;
  const factor = Math.exp(a * Math.log(z) - z - logGamma(a));
  return z < a + 1 ? 1 - factor * series(a, z) : factor * fraction(a, z);
}

/** Σ z^m / (a (a + 1) … (a + m)). */
function series(a: number, z: number): number {
  let term = 1 / a;
  let sum = term;
  for (let m = 1; m < MOST_TERMS && term > ROUNDING * sum; m++) {
    term *= z / (a + m);
    sum += term;
  }
  return sum;
}

/** 1 / (z + 1 − a − 1 (1 − a) / (z + 3 − a − …)). */
function fraction(a: number, z: number): number {
  let b = z + 1 - a;
  let c = 1 / 1e-300;
  let d = 1 / b;
  let h = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const up = -m * (m - a);
    b += 2;
    d = 1 / (up * d + b);
    c = b + up / c;
    h *= c * d;
    if (Math.abs(c * d - 1) < ROUNDING) break;
  }
  return h;
}
