import { moments } from "../products/moments.ts";
import type { PairMeasure } from "./pair-measure.ts";

/**
 * Pearson's correlation of ⟨a_i, a_j⟩ and ⟨b_i, b_j⟩ over pairs i < j: whether the same tokens are near each other in both
 * (representational similarity; Kriegeskorte, Mur and Bandettini 2008, with inner products). Each cloud may be rotated. `null`
 * where the inner products of one of them are all equal up to rounding.
 */
export const pairCorrelation: PairMeasure = {
  name: "pair_correlation",
  about: "correlation of the inner products of the same pairs of tokens",
  between: (a, b) => correlation(a.pairs, b.pairs),
};

function correlation(a: Float64Array, b: Float64Array): number | null {
  const [of, and] = [moments(a), moments(b)];
  // A shape exists exactly where the spread is more than rounding.
  if (of.skew === null || and.skew === null) return null;
  let sum = 0;
  for (let p = 0; p < a.length; p++) sum += (a[p] - of.mean) * (b[p] - and.mean);
  return Math.max(-1, Math.min(1, sum / a.length / (of.sd * and.sd)));
}
