import type { CloudView } from "../measures/cloud-view.ts";
import { squaredNorms, unpackGram } from "../products/gram-matrix.ts";
import type { PairMeasure } from "./pair-measure.ts";

/** What is left of a Gram matrix that has lost all but this part of itself is rounding. */
const ROUNDING = 1e-13;

/**
 * Linear centred kernel alignment, ⟨HKH, HLH⟩/(‖HKH‖ ‖HLH‖) with K and L the Gram matrices of the two clouds and H = I − 11ᵀ/n
 * (Kornblith et al. 2019, arXiv:1905.00414, equation 3): 0 … 1, 1 where one is a rotated, shifted and scaled copy of the other. The
 * biased estimate: of independent clouds it is not 0 but grows towards 1 with d/n, so compare at equal n and d. `null` where the
 * tokens of one cloud coincide.
 */
export const linearCka: PairMeasure = {
  name: "cka",
  about: "linear centred kernel alignment of the two clouds",
  between(a, b) {
    const [k, l] = [centredGram(a), centredGram(b)];
    return k && l ? Math.min(1, dot(k, l) / Math.sqrt(dot(k, k) * dot(l, l))) : null;
  },
};

/** HKH, n × n; `null` where it is rounding. */
function centredGram(cloud: CloudView): Float64Array | null {
  const { n } = cloud;
  const gram = unpackGram(cloud.pairs, squaredNorms(cloud));
  const before = dot(gram, gram);
  const means = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) means[i] += gram[i * n + j] / n;
  const mean = means.reduce((sum, one) => sum + one, 0) / n;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) gram[i * n + j] += mean - means[i] - means[j];
  return dot(gram, gram) > before * ROUNDING ** 2 ? gram : null;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let p = 0; p < a.length; p++) sum += a[p] * b[p];
  return sum;
}
