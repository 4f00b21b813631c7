import type { CloudView } from "../measures/cloud-view.ts";
import { tokenNorms } from "../products/norms.ts";
import type { PairMeasure } from "./pair-measure.ts";

/**
 * Mean angle between a token in one cloud and the same token in the other, (1/n) Σ_i ∠(a_i, b_i) in radians, 0 … π: how far
 * tokens moved on the sphere. Both clouds may be rotated together, not apart. `null` where the widths differ or a token has
 * length 0.
 */
export const angleMoved: PairMeasure = {
  name: "angle_moved",
  about: "mean angle between a token and the same token in the other cloud, in radians",
  between(a, b) {
    const [as, bs] = [tokenNorms(a), tokenNorms(b)];
    if (a.d !== b.d || as.includes(0) || bs.includes(0)) return null;
    return as.reduce((sum, norm, i) => sum + angle(a, b, i, norm, bs[i]), 0) / a.n;
  },
};

/** 2 atan2(‖u − v‖, ‖u + v‖) of the unit vectors, which is exact for small angles too (Kahan 2006, "Mangled angles"). */
function angle(a: CloudView, b: CloudView, i: number, normA: number, normB: number): number {
  let [less, more] = [0, 0];
  for (let p = i * a.d; p < (i + 1) * a.d; p++) {
    const [u, v] = [a.x[p] / normA, b.x[p] / normB];
    less += (u - v) ** 2;
    more += (u + v) ** 2;
  }
  return 2 * Math.atan2(Math.sqrt(less), Math.sqrt(more));
}
