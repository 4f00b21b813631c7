import { isotropicCdf } from "../numerics/isotropic-law.ts";
import { fixedEdges } from "../products/bin-edges.ts";
import { countInto, sortedCounts } from "../products/histogram.ts";

/** Bins over [−1, 1] on whose edges both distribution functions are compared; both are exact there. */
const fineBins = 2000;

/** The isotropic law's distribution function on the 2001 edges of the fine bins, to be computed once for each d. */
export function isotropicFineCdf(d: number): Float64Array {
  return fixedEdges(fineBins).map((s) => isotropicCdf(s, d));
}

/** W1 between the given cosines and the isotropic law: ∫ |F_N − F| by the trapezoid rule. */
export function distanceToIsotropic(cosines: ArrayLike<number>, cdf: Float64Array): number {
  const counts = new Uint32Array(fineBins);
  countInto(cosines, fixedEdges(fineBins), counts);
  return distanceOfCounts(counts, cosines.length, cdf);
}

/** The same of cosines that ascend. */
export function sortedDistanceToIsotropic(sorted: Float64Array, cdf: Float64Array): number {
  return distanceOfCounts(sortedCounts(sorted, fixedEdges(fineBins)), sorted.length, cdf);
}

function distanceOfCounts(counts: ArrayLike<number>, count: number, cdf: Float64Array): number {
  let below = 0;
  let area = 0;
  for (let b = 0; b + 1 < fineBins; b++) {
    below += counts[b];
    area += Math.abs(below / count - cdf[b + 1]);
  }
  return (area * 2) / fineBins;
}

/**
 * What that distance is on average for an isotropic cloud: pairs are independent two by two, so F_N has variance
 * F(1 − F)/N exactly, and E|F_N − F| ≈ √(2/π) of its root.
 */
export function isotropicDistanceFloor(pairs: number, cdf: Float64Array): number {
  const area = cdf.reduce((s, f) => s + Math.sqrt((2 * f * (1 - f)) / (Math.PI * pairs)), 0);
  return (area * 2) / fineBins;
}
