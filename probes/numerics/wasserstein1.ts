import { sum } from "./vectors.ts";

/**
 * Wasserstein distance of order 1 between distributions on the line: the area between their distribution functions,
 * ∫ |F − G|, which is ∫ |F⁻¹ − G⁻¹| (Vallender 1974). In the units of the values.
 */

/** Between two samples, each sorted ascending, of equal or different size. Exact. Needs values on both sides. */
export function wasserstein1Sorted(a: Float64Array, b: Float64Array): number {
  return a.length === b.length ? meanAbsoluteDifference(a, b) : areaBetweenRanks(a, b);
}

/**
 * Between two weighted samples in any order; weights are not negative and are taken relative to their sum. Exact.
 * The arrays stay as they are.
 */
export function wasserstein1Weighted(
  aValues: Float64Array,
  aWeights: Float64Array,
  bValues: Float64Array,
  bWeights: Float64Array,
): number {
  const a = sortByValue(aValues, aWeights);
  const b = sortByValue(bValues, bWeights);
  return areaBetweenSteps(a.values, a.weights, b.values, b.weights);
}

/**
 * Between two histograms on the same bins of the given width, each relative to its own total: exact for distributions
 * on the bin centres, so at most one width off for the values that were counted.
 */
export function wasserstein1Counts(countsA: ArrayLike<number>, countsB: ArrayLike<number>, width: number): number {
  const totalA = sum(countsA);
  const totalB = sum(countsB);
  let a = 0;
  let b = 0;
  let area = 0;
  for (let k = 0; k < countsA.length; k++) {
    a += countsA[k];
    b += countsB[k];
    area += Math.abs(a / totalA - b / totalB);
  }
  return area * width;
}

function meanAbsoluteDifference(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let k = 0; k < a.length; k++) s += Math.abs(a[k] - b[k]);
  return s / a.length;
}

/** ∫ |F − G| for step functions that rise by equal parts at the sorted values: a merge of the two lists. */
function areaBetweenRanks(a: Float64Array, b: Float64Array): number {
  const m = a.length;
  const n = b.length;
  let i = 0;
  let j = 0;
  let area = 0;
  let previous = Math.min(a[0], b[0]);
  while (i < m || j < n) {
    const here = j === n || (i < m && a[i] <= b[j]) ? a[i] : b[j];
    area += Math.abs(i / m - j / n) * (here - previous);
    while (i < m && a[i] === here) i++;
    while (j < n && b[j] === here) j++;
    previous = here;
  }
  return area;
}

/** ∫ |F − G| for step functions that rise by the weights at the sorted values: a merge of the two lists. */
function areaBetweenSteps(a: Float64Array, u: Float64Array, b: Float64Array, v: Float64Array): number {
  const totalA = sum(u);
  const totalB = sum(v);
  let i = 0;
  let j = 0;
  let f = 0;
  let g = 0;
  let area = 0;
  let previous = Math.min(a[0], b[0]);
  while (i < a.length && j < b.length) {
    const here = Math.min(a[i], b[j]);
    area += Math.abs(f / totalA - g / totalB) * (here - previous);
    while (i < a.length && a[i] === here) f += u[i++];
    while (j < b.length && b[j] === here) g += v[j++];
    previous = here;
  }
  for (; i < a.length; f += u[i++]) {
    area += Math.abs(f / totalA - 1) * (a[i] - previous);
    previous = a[i];
  }
  for (; j < b.length; g += v[j++]) {
    area += Math.abs(1 - g / totalB) * (b[j] - previous);
    previous = b[j];
  }
  return area;
}

interface Weighted {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

function sortByValue(values: Float64Array, weights: Float64Array): Weighted {
  const order = Uint32Array.from(values, (_, k) => k).sort((p, q) => values[p] - values[q]);
  return {
    values: Float64Array.from(order, (k) => values[k]),
    weights: Float64Array.from(order, (k) => weights[k]),
  };
}
