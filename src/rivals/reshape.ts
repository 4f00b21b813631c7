import { isotonicRegression } from "../../probes/numerics/isotonic-regression.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { orderOf } from "./kernels/order-of.ts";
import type { Rival } from "./rival.ts";

const FOLDS = 8;
/** Enough for a function of one number; 256 tokens have four pairs a run. */
const MOST_RUNS = 8192;

/**
 * A monotone function of the pair's own product at the first layer, one a layer. It matches any histogram; whether it knows the
 * right pairs is what it is asked. It says nothing of tokens.
 */
export const reshape: Rival = {
  name: "reshape",
  label: "a rising function of the pair's own product",
  about: "a pair's product is a monotone function of its own at the first layer, fitted on other pairs",
  competes: true,
  predict({ n, clouds }) {
    const first = innerProducts(clouds[0], true);
    const order = orderOf(first);
    const predicted = clouds.map((cloud, k) =>
      k === 0 ? first : reshaped(first, innerProducts(cloud, true), n, order),
    );
    return { cloud: null, products: (k) => predicted[k] ?? null };
  },
};

/**
 * One update by reshaping: products of layer k + 1 from those of layer k, `before` and `after` in the order of `innerProducts`.
 *
 * @returns `null` with fewer than two pairs: there is none to learn from.
 */
export function reshapeStep(before: Float64Array, after: Float64Array, n: number): Float64Array | null {
  return reshaped(before, after, n, orderOf(before));
}

/** Every pair by the function that suits the pairs of the other folds. */
function reshaped(before: Float64Array, after: Float64Array, n: number, order: Uint32Array): Float64Array | null {
  if (before.length < 2) return null;
  const fold = foldsOf(n);
  const runs = runsOf(before, after, order, fold);
  const functions = Array.from({ length: FOLDS }, (_, f) => monotone(knotsWithout(runs, f)));
  const next = new Uint32Array(FOLDS);
  const out = new Float64Array(before.length);
  for (const p of order) {
    const { at, values } = functions[fold[p]];
    let k = next[fold[p]];
    while (k < at.length && at[k] < before[p]) k++;
    next[fold[p]] = k;
    out[p] = between(at, values, k, before[p]);
  }
  return out;
}

/** (i + j) mod 8 of every pair i < j, so that each token's pairs lie in all folds. */
function foldsOf(n: number): Uint8Array {
  const out = new Uint8Array((n * (n - 1)) / 2);
  let p = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) out[p++] = (i + j) % FOLDS;
  return out;
}

/** Pairs that follow each other in the order of `before`, counted and summed by fold: `[runs, 8]`. */
interface Runs {
  readonly length: number;
  readonly count: Float64Array;
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** Pairs of equal product are one run, for a function has one value there; many pairs are pooled in about `MOST_RUNS` runs. */
function runsOf(before: Float64Array, after: Float64Array, order: Uint32Array, fold: Uint8Array): Runs {
  const least = Math.ceil(order.length / MOST_RUNS);
  const most = Math.min(order.length, MOST_RUNS);
  const runs = {
    count: new Float64Array(most * FOLDS),
    before: new Float64Array(most * FOLDS),
    after: new Float64Array(most * FOLDS),
  };
  let run = -1;
  let size = least;
  let last = Number.NaN;
  for (const p of order) {
    if (size >= least && before[p] !== last) {
      run++;
      size = 0;
    }
    const at = run * FOLDS + fold[p];
    runs.count[at]++;
    runs.before[at] += before[p];
    runs.after[at] += after[p];
    last = before[p];
    size++;
  }
  return { length: run + 1, ...runs };
}

/** What a function is fitted to: means over the pairs of each run. */
interface Knots {
  readonly at: Float64Array;
  readonly mean: Float64Array;
  readonly weight: Float64Array;
}

function knotsWithout(runs: Runs, held: number): Knots {
  const at = new Float64Array(runs.length);
  const mean = new Float64Array(runs.length);
  const weight = new Float64Array(runs.length);
  let knots = 0;
  for (let r = 0; r < runs.length; r++) {
    const count = without(runs.count, r, held);
    if (count === 0) continue;
    at[knots] = without(runs.before, r, held) / count;
    mean[knots] = without(runs.after, r, held) / count;
    weight[knots++] = count;
  }
  return { at: at.subarray(0, knots), mean: mean.subarray(0, knots), weight: weight.subarray(0, knots) };
}

function without(sums: Float64Array, run: number, held: number): number {
  let s = 0;
  for (let f = 0; f < FOLDS; f++) if (f !== held) s += sums[run * FOLDS + f];
  return s;
}

/** Rising, or falling where that comes closer. */
function monotone({ at, mean, weight }: Knots): { readonly at: Float64Array; readonly values: Float64Array } {
  const rising = isotonicRegression(mean, weight);
  const falling = isotonicRegression(
    mean.map((v) => -v),
    weight,
  ).map((v) => -v);
  const closer = residual(falling, mean, weight) < residual(rising, mean, weight) ? falling : rising;
  return { at, values: closer };
}

function residual(fitted: Float64Array, mean: Float64Array, weight: Float64Array): number {
  let s = 0;
  for (let p = 0; p < mean.length; p++) s += weight[p] * (fitted[p] - mean[p]) ** 2;
  return s;
}

/** On the line between knots next − 1 and next, flat beyond the ends. */
function between(at: Float64Array, values: Float64Array, next: number, v: number): number {
  if (next === 0) return values[0];
  if (next === at.length) return values[at.length - 1];
  const share = (v - at[next - 1]) / (at[next] - at[next - 1]);
  return values[next - 1] + share * (values[next] - values[next - 1]);
}
