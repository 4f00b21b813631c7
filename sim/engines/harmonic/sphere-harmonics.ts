import { PLAN_STRIDE, type SpherePlan } from "./sphere-plan.ts";

/** Numbers of the second pass for every pair: B, and the coefficients of cos, sin and of their z-slopes. */
const STRIDE = 5;

/**
 * Z and its gradient for a cloud: unit rows `[n, 3]`, masses `[n]` that sum to 1, and where Z, ∂_x, ∂_y, ∂_z go, `[n, 4]`.
 */
export type SphereSums = (x: Float64Array, masses: Float64Array, out: Float64Array) => void;

/**
 * Makes a function that gives Z(x_i) = Σ_j m_j e^{β(⟨x_i, x_j⟩ − 1)} and its gradient in R³, of an extension off the sphere
 * of which only the tangent part means something, for all tokens of a cloud in O(n · pairs): moments first, then the sums.
 * The readable reference of `sphereSumsInSimd`.
 */
export function sphereSums(plan: SpherePlan): SphereSums {
  const moments = new Float64Array(2 * plan.pairs);
  const coefficients = new Float64Array(STRIDE * plan.pairs);
  return (x, masses, out) => {
    const n = masses.length;
    moments.fill(0);
    for (let i = 0; i + 1 < n; i += 2) addMoments(plan, x, i, i + 1, masses[i], masses[i + 1], moments);
    if (n % 2 === 1) addMoments(plan, x, n - 1, n - 1, masses[n - 1], 0, moments);
    weigh(plan, moments, coefficients);
    for (let i = 0; i < n; i++) evaluate(plan, coefficients, x, i, out);
  };
}

/**
 * moments[m, l] += mass · s_lm Y_lm of two tokens: their recurrences side by side hide each other's latency. Scalars are declared
 * one by one: taking them from arrays costs V8 half the speed.
 */
function addMoments(
  { degree, first, table }: SpherePlan,
  x: Float64Array,
  i: number,
  j: number,
  massI: number,
  massJ: number,
  moments: Float64Array,
): void {
  const zi = x[3 * i + 2];
  const zj = x[3 * j + 2];
  let ci = massI;
  let si = 0;
  let cj = massJ;
  let sj = 0;
  let t = 0;
  for (let m = 0; m <= degree; m++) {
    let p = first[m];
    let q = first[m];
    let pBefore = 0;
    let qBefore = 0;
    for (let l = m; ; l++) {
      moments[2 * t] += ci * p + cj * q;
      moments[2 * t + 1] += si * p + sj * q;
      t++;
      if (l === degree) break;
      const b = table[PLAN_STRIDE * t];
      const pNext = 2 * zi * p - b * pBefore;
      const qNext = 2 * zj * q - b * qBefore;
      pBefore = p;
      qBefore = q;
      p = pNext;
      q = qNext;
    }
    const c = ci * x[3 * i] - si * x[3 * i + 1];
    si = ci * x[3 * i + 1] + si * x[3 * i];
    ci = c;
    const e = cj * x[3 * j] - sj * x[3 * j + 1];
    sj = cj * x[3 * j + 1] + sj * x[3 * j];
    cj = e;
  }
}

/** Moments times the kernel's weights, in the order of the second pass. */
function weigh({ degree, table }: SpherePlan, moments: Float64Array, coefficients: Float64Array): void {
  // Pair (m − 1, l) is at `above` + l.
  let above = 0;
  let t = 0;
  for (let m = 0; m <= degree; m++) {
    const row = t - m;
    for (let l = m; l <= degree; l++, t++) {
      const weight = table[PLAN_STRIDE * t + 1];
      const slope = table[PLAN_STRIDE * t + 2];
      const source = m === 0 ? t : above + l;
      const to = STRIDE * t;
      coefficients[to] = table[PLAN_STRIDE * t];
      coefficients[to + 1] = weight * moments[2 * t];
      coefficients[to + 2] = weight * moments[2 * t + 1];
      coefficients[to + 3] = slope * moments[2 * source];
      coefficients[to + 4] = slope * moments[2 * source + 1];
    }
    above = row;
  }
}

/** Z and its gradient at one token, from C_m(z) = Σ_l c_lm q_lm(z), S_m alike, and their slopes in z. */
function evaluate(
  { degree, first }: SpherePlan,
  table: Float64Array,
  rows: Float64Array,
  i: number,
  out: Float64Array,
): void {
  const x = rows[3 * i];
  const y = rows[3 * i + 1];
  const z = rows[3 * i + 2];
  // c + is = (x + iy)^m; before, with m − 1.
  let c = 1;
  let s = 0;
  let cBefore = 0;
  let sBefore = 0;
  let value = 0;
  let dx = 0;
  let dy = 0;
  let dz = 0;
  let t = 0;
  for (let m = 0; m <= degree; m++) {
    let p = first[m];
    let pBefore = 0;
    let cosine = 0;
    let sine = 0;
    let cosineSlope = 0;
    let sineSlope = 0;
    for (let l = m; ; l++) {
      cosine += table[t + 1] * p;
      sine += table[t + 2] * p;
      cosineSlope += table[t + 3] * p;
      sineSlope += table[t + 4] * p;
      t += STRIDE;
      if (l === degree) break;
      const next = 2 * z * p - table[t] * pBefore;
      pBefore = p;
      p = next;
    }
    value += c * cosine + s * sine;
    dx += m * (cBefore * cosine + sBefore * sine);
    dy += m * (cBefore * sine - sBefore * cosine);
    dz += cBefore * cosineSlope + sBefore * sineSlope;
    cBefore = c;
    sBefore = s;
    c = cBefore * x - sBefore * y;
    s = cBefore * y + sBefore * x;
  }
  out[4 * i] = value;
  out[4 * i + 1] = dx;
  out[4 * i + 2] = dy;
  out[4 * i + 3] = dz;
}
