import { sortValues } from "../../probes/numerics/sort-values.ts";

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

/** Pairs that count, by their place among all pairs i < j, and their weights m_i m_j. */
export interface WeightedPairs {
  readonly pairs: Int32Array;
  readonly weights: Float64Array;
}

/** The pairs of tokens of which token i counts m_i times: in a resample two in five, looked up once for all layers and times. */
export function weightedPairs(m: Float64Array): WeightedPairs {
  const tokens = m.reduce((count, mi) => count + (mi === 0 ? 0 : 1), 0);
  const pairs = new Int32Array((tokens * (tokens - 1)) / 2);
  const weights = new Float64Array(pairs.length);
  const n = m.length;
  for (let i = 0, p = 0, q = 0; i < n; i++) {
    if (m[i] === 0) {
      p += n - 1 - i;
      continue;
    }
    for (let j = i + 1; j < n; j++, p++) {
      if (m[j] === 0) continue;
      pairs[q] = p;
      weights[q++] = m[i] * m[j];
    }
  }
  return { pairs, weights };
}

/** Cumulative distribution over the bins. */
export function cumulative(bins: Uint16Array, { pairs, weights }: WeightedPairs): Float64Array {
  const out = new Float64Array(BINS);
  for (let q = 0; q < pairs.length; q++) out[bins[pairs[q]]] += weights[q];
  for (let b = 1; b < BINS; b++) out[b] += out[b - 1];
  const total = out[BINS - 1];
  for (let b = 0; b < BINS; b++) out[b] /= total;
  return out;
}

/** W1 between two cumulative distributions. */
export function distance(a: Float64Array, b: Float64Array, width: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < BINS; i++) sum += Math.abs(a[i] - b[i]) * width[i];
  return sum;
}
