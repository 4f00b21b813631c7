import { sortValues } from "../../probes/numerics/sort-values.ts";
import { freshWorkspaces } from "../../probes/wasm/workspace.ts";
import { type CountKernel, countKernel } from "./count-kernel.ts";

const BINS = 512;

/** Half of the edges evenly spaced, half at quantiles of all observed layers: no region is coarse, and a narrow spike is resolved. */
export function binEdges(products: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(products.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const p of products) {
    all.set(p, at);
    at += p.length;
  }
  sortValues(all);
  const half = BINS / 2;
  const even = Array.from({ length: half + 1 }, (_, b) => -1 + (2 * b) / half);
  const quantiles = Array.from({ length: half }, (_, b) => all[Math.floor(((b + 0.5) * all.length) / half)]);
  return Float64Array.from([...even, ...quantiles]).sort();
}

/** The bin of every value. */
export function binNumbers(values: Float64Array, edges: Float64Array): Uint16Array {
  const out = new Uint16Array(values.length);
  for (let p = 0; p < values.length; p++) {
    const v = values[p];
    let lo = 0;
    let hi = BINS - 1;
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if (edges[mid] <= v) lo = mid;
      else hi = mid - 1;
    }
    out[p] = lo;
  }
  return out;
}

/** Width of every bin. */
export function binWidths(edges: Float64Array): Float64Array {
  return Float64Array.from({ length: BINS }, (_, b) => edges[b + 1] - edges[b]);
}

/** Draws of some tokens, side by side: how often each pair i < j counts in each. */
export interface DrawnPairs {
  readonly draws: number;
  /** Of a draw, the counts of all pairs together. */
  readonly totals: Float64Array;
  /** How often values up to each bin count, whole numbers `[BINS, room]`: a draw beside the other, and zeros behind them. */
  readonly cumulative: (bins: Uint16Array) => Int32Array;
}

const workspace = freshWorkspaces<CountKernel>(countKernel);

/**
 * The pairs of tokens of which token i counts m_i times: m_i m_j times each. All draws are counted at once, as the bins of a value are the
 * same in each.
 *
 * @param multiplicities - m of each draw, whole numbers; there is at least one draw.
 */
export function drawnPairs(multiplicities: readonly Float64Array[]): DrawnPairs {
  const draws = multiplicities.length;
  const n = multiplicities[0].length;
  const pairs = (n * (n - 1)) / 2;
  const room = 4 * Math.ceil(draws / 4);
  const atSums = 16 * Math.ceil(pairs / 8);
  const atCounts = atSums + 4 * BINS * room;
  const { numbers, run } = workspace(atCounts + 4 * pairs * room);
  const counts = new Int32Array(numbers.buffer, atCounts, pairs * room);
  const totals = new Float64Array(draws);
  for (const [r, m] of multiplicities.entries()) {
    for (let i = 0, p = r; i < n; i++) {
      for (let j = i + 1; j < n; j++, p += room) counts[p] = m[i] * m[j];
    }
    const all = m.reduce((a, b) => a + b, 0);
    totals[r] = (all ** 2 - m.reduce((a, b) => a + b * b, 0)) / 2;
  }
  const placeOfBins = new Uint16Array(numbers.buffer, 0, pairs);
  const sums = new Int32Array(numbers.buffer, atSums, BINS * room);
  const cumulative = (bins: Uint16Array): Int32Array => {
    placeOfBins.set(bins);
    sums.fill(0);
    if (pairs > 0) run(0, 2 * pairs, atCounts, atSums, 4 * room);
    const out = sums.slice();
    for (let q = room; q < out.length; q++) out[q] += out[q - room];
    return out;
  };
  return { draws, totals, cumulative };
}

/** W1 between two cumulative counts, of each draw. */
export function distances(
  a: Int32Array,
  b: Int32Array,
  { draws, totals }: DrawnPairs,
  width: Float64Array,
): Float64Array {
  const room = a.length / BINS;
  const out = new Float64Array(draws);
  for (let bin = 0; bin < BINS; bin++) {
    const w = width[bin];
    const at = bin * room;
    for (let r = 0; r < draws; r++) out[r] += Math.abs(a[at + r] - b[at + r]) * w;
  }
  for (let r = 0; r < draws; r++) out[r] /= totals[r];
  return out;
}
