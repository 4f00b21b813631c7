import type { PairMeasure } from "./pair-measure.ts";
import { productCorrelation } from "./product-agreement.ts";

/**
 * Pearson's correlation of ⟨a_i, a_j⟩ and ⟨b_i, b_j⟩ over pairs i < j: whether the same tokens are near each other in both
 * (representational similarity; Kriegeskorte, Mur and Bandettini 2008, with inner products). Each cloud may be rotated. `null`
 * where the inner products of one of them are all equal up to rounding.
 */
export const pairCorrelation: PairMeasure = {
  name: "pair_correlation",
  about: "correlation of the inner products of the same pairs of tokens",
  between: (a, b) => productCorrelation(a.pairs, b.pairs),
};
