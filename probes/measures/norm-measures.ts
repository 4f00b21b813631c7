import { normSummary } from "../products/norms.ts";
import { type Measure, measureRow } from "./measure.ts";

/** Token norms of the cloud as the model gave it; none where that cloud is not known. */
export const normMeasures: Measure = {
  name: "norms",
  about: "mean, spread and extremes of the token norms before normalizing",
  rows({ raw }) {
    if (!raw) return [];
    const { mean, sd, min, max } = normSummary(raw);
    return Object.entries({ mean, sd, min, max }).flatMap(([name, value]) => measureRow(`norm_${name}`, value, {}));
  },
  owns: (row) => /^norm_(mean|sd|min|max)$/.test(row),
};
