import type { CloudView } from "../measures/cloud-view.ts";
import { nearestNeighbours } from "../neighbours/nearest-neighbours.ts";
import { squaredNorms } from "../products/gram-matrix.ts";
import type { PairMeasure } from "./pair-measure.ts";

/** As many neighbours as overlaps between layers are usually told of (Valeriani et al. 2023). */
const MOST = 10;

/**
 * The mean share of a token's k nearest tokens in one cloud that are among its k nearest in the other, 0 … 1 (Doimo et al. 2020,
 * arXiv:2007.03506; Valeriani et al. 2023, arXiv:2302.00294), with k = min(10, ⌊(n − 1)/2⌋): of independent clouds it is k/(n − 1)
 * on average. Each cloud may be rotated and scaled. `null` of fewer than three tokens.
 */
export const neighbourOverlap: PairMeasure = {
  name: "neighbour_overlap",
  about: "mean share of the k = min(10, (n − 1)/2) nearest tokens in common",
  between(a, b) {
    const k = Math.min(MOST, Math.floor((a.n - 1) / 2));
    return k < 1 ? null : overlap(neighboursOf(a, k), neighboursOf(b, k), k);
  },
};

function neighboursOf(cloud: CloudView, k: number): Uint32Array {
  return nearestNeighbours(cloud.pairs, squaredNorms(cloud), k);
}

function overlap(a: Uint32Array, b: Uint32Array, k: number): number {
  let common = 0;
  for (let from = 0; from < a.length; from += k) {
    const theirs = b.subarray(from, from + k);
    for (const j of a.subarray(from, from + k)) if (theirs.includes(j)) common++;
  }
  return common / a.length;
}
