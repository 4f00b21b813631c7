import { gegenbauerRow, harmonicCount } from "./gegenbauer.ts";

/**
 * Points t = ⟨x, e⟩ and masses that integrate functions of t over the unit sphere of R^d: Gauss's rule for (1−t²)^{(d−3)/2}, exact up
 * to degree 2M − 1.
 */
export interface ZonalRule {
  readonly d: number;
  /** `[M]`, falling, in (−1, 1). */
  readonly t: Float64Array;
  /** `[M]`, of 1 in all. */
  readonly masses: Float64Array;
  /** P_k(t) on the points, Gegenbauer's polynomial with P_k(1) = 1; cos kθ at d = 2. Not to be changed. */
  readonly row: (k: number) => Float64Array;
  /** P_k'(t) on the points. Not to be changed. */
  readonly slope: (k: number) => Float64Array;
}

/**
 * @param d - ≥ 2.
 * @param count - Points, M ≥ 1.
 */
export function zonalRule(d: number, count: number): ZonalRule {
  const t = d === 2 ? chebyshevPoints(count) : gegenbauerPoints(d, count);
  const rows: Float64Array[] = [];
  const slopes: Float64Array[] = [];
  const row = (k: number) => {
    rows[k] ??= gegenbauerRow(d, k, t, rows);
    return rows[k];
  };
  const slope = (k: number) => {
    slopes[k] ??= slopeRow(d, k, t, row, slope);
    return slopes[k];
  };
  return { d, t, masses: d === 2 ? t.map(() => 1 / count) : christoffel(d, count, row), row, slope };
}

function chebyshevPoints(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, g) => Math.cos((Math.PI * (g + 0.5)) / count));
}

/** P_k' = P_{k−2}' + …: from (k+d−3)P_k = (2k+d−4)tP_{k−1} − (k−1)P_{k−2} by differentiating. */
function slopeRow(
  d: number,
  k: number,
  t: Float64Array,
  row: (k: number) => Float64Array,
  slope: (k: number) => Float64Array,
): Float64Array {
  if (k < 2) return new Float64Array(t.length).fill(k);
  const [a, b] = [(2 * k + d - 4) / (k + d - 3), (k - 1) / (k + d - 3)];
  const [value, one, two] = [row(k - 1), slope(k - 1), slope(k - 2)];
  return t.map((x, g) => a * (value[g] + x * one[g]) - b * two[g]);
}

/** Roots of P_M by Sturm's count of sign changes and bisection, then Newton: half of them, the others mirrored. */
function gegenbauerPoints(d: number, count: number): Float64Array {
  const t = new Float64Array(count);
  for (let g = 0; g < count >> 1; g++) {
    let [low, high] = [0, 1];
    while (high - low > 1e-16 * high + 1e-300) {
      const middle = (low + high) / 2;
      if (middle === low || middle === high) break;
      if (rootsAbove(d, count, middle) > g) low = middle;
      else high = middle;
    }
    t[g] = (low + high) / 2;
    t[count - 1 - g] = -t[g];
  }
  return t;
}

/** Roots of P_M above x. */
function rootsAbove(d: number, count: number, x: number): number {
  let [before, value, changes] = [1, x, x < 0 ? 1 : 0];
  for (let k = 1; k < count; k++) {
    const next = ((2 * k + d - 2) * x * value - k * before) / (k + d - 2);
    if (next < 0 !== value < 0) changes++;
    [before, value] = [value, next];
  }
  return changes;
}

/** 1/Σ_{k<M} N_k P_k(t)². */
function christoffel(d: number, count: number, row: (k: number) => Float64Array): Float64Array {
  const sums = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const [weight, values] = [harmonicCount(d, k), row(k)];
    for (let g = 0; g < count; g++) sums[g] += weight * values[g] ** 2;
  }
  return sums.map((sum) => 1 / sum);
}
