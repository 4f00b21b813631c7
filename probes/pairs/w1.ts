import { wasserstein1Sorted } from "../numerics/wasserstein1.ts";
import type { PairMeasure } from "./pair-measure.ts";

/**
 * W1 between the distributions of inner products of the two clouds, ∫ |F_a − F_b| over pairs i < j: how far the histograms lie
 * apart. 0 for equal distributions, at most 2 for unit tokens; each cloud may be rotated, and its tokens reordered.
 */
export const w1: PairMeasure = {
  name: "w1",
  about: "W1 distance between the distributions of inner products",
  anyTokens: true,
  between: (a, b) => wasserstein1Sorted(a.sortedPairs, b.sortedPairs),
};
