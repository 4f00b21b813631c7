import type { TargetProducts } from "./kernels/target-products.ts";

/** Newton steps before giving up; three to six are usual. */
const MOST_STEPS = 30;
const MOST_DIRECTIONS = 20;
/** Gain a token below which the step just taken was the last: the next would gain its square. */
const ENOUGH = 1e-9;
/** A token that c moves to 0 has no direction: it then counts as this long. */
const SHORTEST = 1e-6;
/** Tokens that point away from where they went would bend the Hessian the wrong way: they count as at right angles, nearly. */
const LEAST_COSINE = 1e-3;

/** A vector Σ_j onX_j x_j + onY_j y_j; inner products are all that is ever needed of it. */
export interface Combination {
  readonly onX: Float64Array;
  readonly onY: Float64Array;
}

/** A combination v and its products with every token. */
interface Known extends Combination {
  /** ⟨x_i, v⟩ and ⟨y_i, v⟩. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** What the tokens look like with c added. */
interface Moved {
  readonly c: Known;
  readonly square: number;
  /** ‖x_i + c‖ and ⟨x_i + c, y_i⟩/‖x_i + c‖. */
  readonly length: Float64Array;
  readonly cosine: Float64Array;
  /** Σ cosine over the tokens that count. */
  readonly total: number;
}

/** Tokens, where they went, and which of them count. */
export interface MotionProblem extends TargetProducts {
  /** `[m, m]`: ⟨x_i, x_j⟩. */
  readonly gram: Float64Array;
  /** 1 for a token that counts, 0 for one that is left out. */
  readonly counts: Float64Array;
}

/**
 * The vector c that brings x_i + c closest to the directions y_i: Σ_i ⟨(x_i + c)/‖x_i + c‖, y_i⟩ is largest, which is the
 * likelihood of directional noise and the squared chord at once, so that noise does not bend it. Newton's method with the
 * negative definite part of the Hessian, its system by conjugate gradients over tokens, each step halved until it gains.
 *
 * @param start where the search starts; without it at the mean of y − x.
 */
export function commonVector(problem: MotionProblem, start?: Combination): Combination {
  let here = moved(problem, known(problem, start ?? meanDifference(problem)));
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = climb(problem, here);
    if (!next) break;
    const gain = next.total - here.total;
    here = next;
    if (gain < ENOUGH * problem.m) break;
  }
  return here.c;
}

function meanDifference({ counts }: MotionProblem): Combination {
  const all = counts.reduce((sum, v) => sum + v, 0);
  return { onX: counts.map((v) => -v / all), onY: counts.map((v) => v / all) };
}

function climb(problem: MotionProblem, here: Moved): Moved | null {
  const step = newtonStep(problem, here);
  for (let share = 1; share > 1e-3; share /= 2) {
    const next = moved(problem, sum(here.c, share, step));
    if (next.total > here.total) return next;
  }
  return null;
}

function moved({ m, crossed, counts }: MotionProblem, c: Known): Moved {
  const square = Math.max(0, dot(c.onX, c.x) + dot(c.onY, c.y));
  const length = new Float64Array(m);
  const cosine = new Float64Array(m);
  let total = 0;
  for (let i = 0; i < m; i++) {
    length[i] = Math.max(SHORTEST, Math.sqrt(Math.max(0, 1 + 2 * c.x[i] + square)));
    cosine[i] = (crossed[i * m + i] + c.y[i]) / length[i];
    total += counts[i] * cosine[i];
  }
  return { c, square, length, cosine, total };
}

/**
 * v with (W − Σ w_i q_i q_iᵀ) v = g: q_i = (x_i + c)/‖x_i + c‖, w_i = cosine/‖x_i + c‖², W = Σ w_i and g the gradient
 * Σ (y_i − cosine q_i)/‖x_i + c‖. With z_i = ⟨q_i, v⟩ it is a system over tokens, W z − QQᵀ w z = Qg, and v = (g + Qᵀ w z)/W.
 */
function newtonStep(problem: MotionProblem, here: Moved): Known {
  const { counts } = problem;
  const { length, cosine, c } = here;
  const pull = counts.map((v, i) => v / length[i]);
  const gradient = fromTokens(
    problem,
    c,
    pull.map((v, i) => (-v * cosine[i]) / length[i]),
    pull,
  );
  const weights = counts.map((v, i) => (v * Math.max(cosine[i], LEAST_COSINE)) / length[i] ** 2);
  const all = weights.reduce((total, v) => total + v, 0);
  const along = dot(c.onX, gradient.x) + dot(c.onY, gradient.y);
  const target = gradient.x.map((v, i) => (v + along) / length[i]);
  const z = solveOverTokens(problem, here, weights, all, target);
  const bend = fromTokens(
    problem,
    c,
    z.map((v, i) => (v * weights[i]) / length[i]),
  );
  return scaled(sum(gradient, 1, bend), 1 / all);
}

/** Σ_i a_i (x_i + c) + b_i y_i. */
function fromTokens(problem: MotionProblem, c: Known, a: Float64Array, b?: Float64Array): Known {
  const onC = a.reduce((total, v) => total + v, 0);
  const onX = a.map((v, i) => v + onC * c.onX[i]);
  return known(problem, { onX, onY: a.map((_, i) => (b?.[i] ?? 0) + onC * c.onY[i]) });
}

/** Conjugate gradients for (W − √w QQᵀ √w) u = √w Qg, u = √w z, where √w > 0; tokens that do not count follow from the others. */
function solveOverTokens(
  { m, gram }: MotionProblem,
  { c, square, length }: Moved,
  weights: Float64Array,
  all: number,
  target: Float64Array,
): Float64Array {
  const root = weights.map(Math.sqrt);
  const image = new Float64Array(m);
  const apply = (u: Float64Array) => {
    const spread = u.map((v, i) => (v * root[i]) / length[i]);
    const total = spread.reduce((s, v) => s + v, 0);
    const moved = dot(spread, c.x);
    for (let i = 0; i < m; i++) {
      const row = dotRow(gram, i * m, spread);
      image[i] = all * (1 + 1e-9) * u[i] - (root[i] * (row + (c.x[i] + square) * total + moved)) / length[i];
    }
  };
  const u = new Float64Array(m);
  const rest = target.map((v, i) => v * root[i]);
  let direction = rest.slice();
  let left = dot(rest, rest);
  const enough = 1e-10 * left;
  for (let k = 0; k < MOST_DIRECTIONS && left > enough; k++) {
    apply(direction);
    const size = left / dot(direction, image);
    if (!(size > 0 && Number.isFinite(size))) break;
    for (let i = 0; i < m; i++) {
      u[i] += size * direction[i];
      rest[i] -= size * image[i];
    }
    const now = dot(rest, rest);
    direction = direction.map((v, i) => rest[i] + (now / left) * v);
    left = now;
  }
  return u.map((v, i) => (root[i] > 0 ? v / root[i] : 0));
}

function known({ m, gram, crossed, own }: MotionProblem, { onX, onY }: Combination): Known {
  const x = new Float64Array(m);
  const y = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    x[i] += dotRow(gram, i * m, onX);
    y[i] = dotRow(crossed, i * m, onX) + dotRow(own, i * m, onY);
    for (let j = 0; j < m; j++) x[j] += crossed[i * m + j] * onY[i];
  }
  return { onX, onY, x, y };
}

function sum(a: Known, share: number, b: Known): Known {
  const add = (p: Float64Array, q: Float64Array) => p.map((v, i) => v + share * q[i]);
  return { onX: add(a.onX, b.onX), onY: add(a.onY, b.onY), x: add(a.x, b.x), y: add(a.y, b.y) };
}

function scaled(a: Known, by: number): Known {
  const scale = (p: Float64Array) => p.map((v) => v * by);
  return { onX: scale(a.onX), onY: scale(a.onY), x: scale(a.x), y: scale(a.y) };
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let k = 0; k < a.length; k++) s += a[k] * b[k];
  return s;
}

function dotRow(a: Float64Array, at: number, b: Float64Array): number {
  let s = 0;
  let t = 0;
  let k = 0;
  for (; k + 1 < b.length; k += 2) {
    s += a[at + k] * b[k];
    t += a[at + k + 1] * b[k + 1];
  }
  return k < b.length ? s + t + a[at + k] * b[k] : s + t;
}
