import { dot, sum } from "../../probes/numerics/vectors.ts";
import { rowProducts } from "../../probes/products/row-products.ts";
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
  /** 1 for a token that counts, 0 for one that is left out. */
  readonly counts: Float64Array;
  readonly c: Known;
  readonly square: number;
  /** ‖x_i + c‖ and ⟨x_i + c, y_i⟩/‖x_i + c‖. */
  readonly length: Float64Array;
  readonly cosine: Float64Array;
  /** Σ cosine over the tokens that count. */
  readonly total: number;
}

/** Tokens and where they went. */
export interface MotionProblem extends TargetProducts {
  /** `[m, m]`: ⟨x_i, x_j⟩. */
  readonly gram: Float64Array;
  /** `[m, m]`: ⟨x_i, y_j⟩, `crossed` turned round. */
  readonly back: Float64Array;
}

/**
 * The vector c that brings x_i + c closest to the directions y_i: Σ_i ⟨(x_i + c)/‖x_i + c‖, y_i⟩ is largest, which is the
 * likelihood of directional noise and the squared chord at once, so that noise does not bend it. Newton's method with the
 * negative definite part of the Hessian, its system by conjugate gradients over tokens, each step halved until it gains.
 *
 * @param counted - One vector for each: 1 for a token that counts, 0 for one that is left out. They are searched side by side, as
 * products of many vectors with all tokens are made in a tenth of the time.
 * @param start - Where the search starts; without it at the mean of y − x.
 */
export function commonVectors(
  problem: MotionProblem,
  counted: readonly Float64Array[],
  start?: Combination,
): Combination[] {
  const starts = known(problem, start ? [start] : counted.map(meanDifference));
  const here = counted.map((counts, i) => moved(problem, counts, starts[start ? 0 : i]));
  let open = [...here.keys()];
  for (let step = 0; step < MOST_STEPS && open.length > 0; step++) {
    const steps = newtonSteps(
      problem,
      open.map((i) => here[i]),
    );
    open = open.filter((i, k) => {
      const next = climb(problem, here[i], steps[k]);
      if (!next) return false;
      const gain = next.total - here[i].total;
      here[i] = next;
      return gain >= ENOUGH * problem.m;
    });
  }
  return here.map(({ c }) => c);
}

function meanDifference(counts: Float64Array): Combination {
  const all = sum(counts);
  return { onX: counts.map((v) => -v / all), onY: counts.map((v) => v / all) };
}

function climb(problem: MotionProblem, here: Moved, step: Known): Moved | null {
  for (let share = 1; share > 1e-3; share /= 2) {
    const next = moved(problem, here.counts, along(here.c, share, step));
    if (next.total > here.total) return next;
  }
  return null;
}

function moved({ m, crossed }: MotionProblem, counts: Float64Array, c: Known): Moved {
  const square = Math.max(0, dot(c.onX, c.x) + dot(c.onY, c.y));
  const length = new Float64Array(m);
  const cosine = new Float64Array(m);
  let total = 0;
  for (let i = 0; i < m; i++) {
    length[i] = Math.max(SHORTEST, Math.sqrt(Math.max(0, 1 + 2 * c.x[i] + square)));
    cosine[i] = (crossed[i * m + i] + c.y[i]) / length[i];
    total += counts[i] * cosine[i];
  }
  return { counts, c, square, length, cosine, total };
}

/**
 * v with (W − Σ w_i q_i q_iᵀ) v = g: q_i = (x_i + c)/‖x_i + c‖, w_i = cosine/‖x_i + c‖², W = Σ w_i and g the gradient
 * Σ (y_i − cosine q_i)/‖x_i + c‖. With z_i = ⟨q_i, v⟩ it is a system over tokens, W z − QQᵀ w z = Qg, and v = (g + Qᵀ w z)/W.
 */
function newtonSteps(problem: MotionProblem, all: readonly Moved[]): Known[] {
  const gradients = known(
    problem,
    all.map(({ c, counts, length, cosine }) => {
      const pull = counts.map((v, i) => v / length[i]);
      return fromTokens(
        c,
        pull.map((v, i) => (-v * cosine[i]) / length[i]),
        pull,
      );
    }),
  );
  const systems = all.map((here, k) => systemOf(here, gradients[k]));
  solveOverTokens(problem, systems);
  const bends = known(
    problem,
    systems.map((system) => fromTokens(system.here.c, onTokens(system, system.u))),
  );
  return systems.map(({ total }, k) => scaled(along(gradients[k], 1, bends[k]), 1 / total));
}

/** Σ_i a_i (x_i + c) + b_i y_i. */
function fromTokens(c: Combination, a: Float64Array, b?: Float64Array): Combination {
  const onC = sum(a);
  return { onX: a.map((v, i) => v + onC * c.onX[i]), onY: c.onY.map((v, i) => (b?.[i] ?? 0) + onC * v) };
}

/** (W − √w QQᵀ √w) u = √w Qg, u = √w z, where √w > 0; tokens that do not count follow from the others. */
interface System {
  readonly here: Moved;
  /** √w. */
  readonly root: Float64Array;
  /** W. */
  readonly total: number;
  readonly u: Float64Array;
  /** What is left of the right-hand side. */
  readonly rest: Float64Array;
  direction: Float64Array;
  left: number;
  readonly enough: number;
}

function systemOf(here: Moved, gradient: Known): System {
  const { c, counts, length, cosine } = here;
  const weights = counts.map((v, i) => (v * Math.max(cosine[i], LEAST_COSINE)) / length[i] ** 2);
  const root = weights.map(Math.sqrt);
  const shift = dot(c.onX, gradient.x) + dot(c.onY, gradient.y);
  const rest = gradient.x.map((v, i) => ((v + shift) / length[i]) * root[i]);
  const left = dot(rest, rest);
  const u = new Float64Array(rest.length);
  return { here, root, total: sum(weights), u, rest, direction: rest.slice(), left, enough: 1e-10 * left };
}

/** √w_i u_i/‖x_i + c‖, what each x_i + c counts in Qᵀ √w u. */
function onTokens({ here: { length }, root }: System, u: Float64Array): Float64Array {
  return u.map((v, i) => (v * root[i]) / length[i]);
}

/** By conjugate gradients: each system's `u`. */
function solveOverTokens({ m, gram }: MotionProblem, systems: readonly System[]): void {
  let open = systems.filter(({ left, enough }) => left > enough);
  for (let k = 0; k < MOST_DIRECTIONS && open.length > 0; k++) {
    const spread = open.map((system) => onTokens(system, system.direction));
    const rows = rowsOfEach(spread, gram, m);
    open = open.filter((system, s) => descend(system, spread[s], rows[s]));
  }
}

/** One step of a system; false where it was the last. */
function descend(system: System, spread: Float64Array, rows: Float64Array): boolean {
  const { here, root, total, u, rest, direction, left } = system;
  const { c, square, length } = here;
  const all = sum(spread);
  const shift = dot(spread, c.x);
  const image = direction.map(
    (v, i) => total * (1 + 1e-9) * v - (root[i] * (rows[i] + (c.x[i] + square) * all + shift)) / length[i],
  );
  const size = left / dot(direction, image);
  if (!(size > 0 && Number.isFinite(size))) return false;
  for (let i = 0; i < u.length; i++) {
    u[i] += size * direction[i];
    rest[i] -= size * image[i];
  }
  system.left = dot(rest, rest);
  system.direction = direction.map((v, i) => rest[i] + (system.left / left) * v);
  return system.left > system.enough;
}

function known({ m, gram, crossed, back, own }: MotionProblem, all: readonly Combination[]): Known[] {
  const onX = all.map((v) => v.onX);
  const onY = all.map((v) => v.onY);
  const x = [rowsOfEach(onX, gram, m), rowsOfEach(onY, back, m)];
  const y = [rowsOfEach(onX, crossed, m), rowsOfEach(onY, own, m)];
  const both = ([a, b]: Float64Array[][], k: number) => a[k].map((v, i) => v + b[k][i]);
  return all.map((combination, k) => ({ ...combination, x: both(x, k), y: both(y, k) }));
}

/** Products of each vector with every row of a matrix `[m, m]`. */
function rowsOfEach(vectors: readonly Float64Array[], matrix: Float64Array, m: number): Float64Array[] {
  const packed = new Float64Array(vectors.length * m);
  vectors.forEach((v, k) => {
    packed.set(v, k * m);
  });
  const out = rowProducts(packed, matrix, vectors.length, m, m);
  return vectors.map((_, k) => out.subarray(k * m, (k + 1) * m));
}

/** a + share · b. */
function along(a: Known, share: number, b: Known): Known {
  const add = (p: Float64Array, q: Float64Array) => p.map((v, i) => v + share * q[i]);
  return { onX: add(a.onX, b.onX), onY: add(a.onY, b.onY), x: add(a.x, b.x), y: add(a.y, b.y) };
}

function scaled(a: Known, by: number): Known {
  const scale = (p: Float64Array) => p.map((v) => v * by);
  return { onX: scale(a.onX), onY: scale(a.onY), x: scale(a.x), y: scale(a.y) };
}
