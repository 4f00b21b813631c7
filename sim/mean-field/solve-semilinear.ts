import { TokensphereError } from "../../models/errors.ts";
import { growth, shrinkage } from "../integrators/step-control.ts";
import { breathe } from "./breathe.ts";

/** ẏ = −rates·y + N(y), the rates large and real: diffusion in Fourier modes, say. */
export interface SemilinearProblem {
  /** ≥ 0, one for each unknown. */
  readonly rates: Float64Array;
  /** Writes N(y) into `out`. */
  readonly drift: (y: Float64Array, out: Float64Array) => void;
}

/** Steps between two looks at the event loop, so that signals are heard. */
const BREATH = 16;

/** Steps after which it is given up. */
const MOST_STEPS = 200_000;

/** Steps in which the right length is found from the first guess, 10⁻⁴, whatever the rates. */
const FIRST_STEPS = 1000;

/** Of the lower of the two orders. */
const ORDER = 3;

/** What the step h makes of each rate: decay over h/2 and h, and the weights of ETDRK4, all times h. */
interface Weights {
  readonly h: number;
  readonly half: Float64Array;
  readonly whole: Float64Array;
  /** (h/2)φ₁(−h·rate/2). */
  readonly stage: Float64Array;
  /** Of N at the start, at the two middles, at the end. */
  readonly first: Float64Array;
  readonly middle: Float64Array;
  readonly last: Float64Array;
}

/**
 * Solves a stiff semilinear equation by exponential time differencing, ETDRK4 (Cox & Matthews 2002): the linear part is
 * exact, so that rest states stay at rest and no step is cut down for diffusion. The slope at the new state in place of the
 * last stage gives an embedded third order (Whalen, Brio & Moloney 2015), which sets the step.
 *
 * @param times - Sorted, from 0 on.
 * @param tolerance - Largest error of a step in any unknown, absolute.
 * @returns y at each time.
 * @throws TokensphereError `usage` where a time is out of reach; what `signal` is aborted with.
 */
export async function solveSemilinear(
  problem: SemilinearProblem,
  y0: Float64Array,
  times: ArrayLike<number>,
  tolerance: number,
  signal?: AbortSignal,
): Promise<Float64Array[]> {
  const step = makeStepper(problem, y0.length);
  let y: Float64Array = Float64Array.from(y0);
  let [t, h, previous, tries] = [0, 1e-4, 1, 0];
  const states: Float64Array[] = [];
  for (const end of Array.from(times)) {
    while (t < end) {
      if (tries % BREATH === 0) await breathe(signal);
      const hopeless = ++tries > FIRST_STEPS && (end - t) / h > 100 * MOST_STEPS;
      if (hopeless || tries > MOST_STEPS) throw tooLong(end, t, tries);
      const taken = Math.min(h, end - t);
      const { next, error } = step(y, taken, tolerance);
      if (error <= 1) {
        t = taken === end - t ? end : t + taken;
        y = next;
        const wanted = quantized(taken * growth(error, previous, ORDER + 1));
        h = taken < h ? Math.max(h, wanted) : wanted;
        previous = error;
      } else {
        h = quantized(taken * shrinkage(error, ORDER + 1));
      }
    }
    states.push(y);
  }
  return states;
}

function tooLong(end: number, reached: number, steps: number): TokensphereError {
  const remedy = "ask for shorter times, fewer modes or a larger tolerance";
  return new TokensphereError("usage", `times: ${end}. ${steps} steps lead to ${reached} only: ${remedy}`);
}

/** Steps in powers of 2^{1/4}: then the weights of the last step often serve the next. */
function quantized(h: number): number {
  return 2 ** (Math.floor(4 * Math.log2(h)) / 4);
}

function makeStepper({ rates, drift }: SemilinearProblem, size: number) {
  const array = () => new Float64Array(size);
  const [n1, n2, n3, n4, n5, a, b] = [array(), array(), array(), array(), array(), array(), array()];
  let w = weightsOf(rates, 0);
  return (y: Float64Array, h: number, tolerance: number): { next: Float64Array; error: number } => {
    if (w.h !== h) w = weightsOf(rates, h);
    drift(y, n1);
    for (let e = 0; e < size; e++) a[e] = w.half[e] * y[e] + w.stage[e] * n1[e];
    drift(a, n2);
    for (let e = 0; e < size; e++) b[e] = w.half[e] * y[e] + w.stage[e] * n2[e];
    drift(b, n3);
    for (let e = 0; e < size; e++) b[e] = w.half[e] * a[e] + w.stage[e] * (2 * n3[e] - n1[e]);
    drift(b, n4);
    const next = array();
    for (let e = 0; e < size; e++)
      next[e] = w.whole[e] * y[e] + w.first[e] * n1[e] + w.middle[e] * (n2[e] + n3[e]) + w.last[e] * n4[e];
    drift(next, n5);
    let error = 0;
    for (let e = 0; e < size; e++) error = Math.max(error, Math.abs(w.last[e] * (n4[e] - n5[e])));
    // Not a number counts as too large.
    return { next, error: error >= 0 ? error / tolerance : Number.MAX_VALUE };
  };
}

function weightsOf(rates: Float64Array, h: number): Weights {
  const each = (f: (z: number) => number) => rates.map((rate) => f(-rate * h));
  return {
    h,
    half: each((z) => Math.exp(z / 2)),
    whole: each(Math.exp),
    stage: each((z) => (h / 2) * phi(1, z / 2)),
    first: each((z) => h * (phi(1, z) - 3 * phi(2, z) + 4 * phi(3, z))),
    middle: each((z) => h * (2 * phi(2, z) - 4 * phi(3, z))),
    last: each((z) => h * (4 * phi(3, z) - phi(2, z))),
  };
}

/**
 * φ_m(z) = Σ_j z^j/(j+m)!, z ≤ 0: by the series near 0, where the closed form cancels, else by
 * φ_{m}(z) = (φ_{m−1}(z) − 1/(m−1)!)/z from φ_0 = e^z.
 */
export function phi(m: number, z: number): number {
  if (z > -1) {
    let [term, sum] = [1 / factorial(m), 0];
    for (let j = 1; Math.abs(term) > 1e-18; j++) {
      sum += term;
      term *= z / (j + m);
    }
    return sum;
  }
  let value = Math.exp(z);
  for (let j = 1; j <= m; j++) value = (value - 1 / factorial(j - 1)) / z;
  return value;
}

function factorial(m: number): number {
  return m < 2 ? 1 : m * factorial(m - 1);
}
