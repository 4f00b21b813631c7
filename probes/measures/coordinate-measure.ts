import { coordinateContributions } from "../coordinates/coordinate-shares.ts";
import { type Measure, measureRow } from "./measure.ts";

const NAME = "top_coordinate_cosine";

/**
 * The largest part of the mean cosine that one coordinate carries: beside `mean_cosine` it says whether the cosines are those of one
 * coordinate. It depends on the basis, as no other measure does: rogue dimensions are of the network's own coordinates.
 */
export const coordinateMeasure: Measure = {
  name: NAME,
  about: "largest part of the mean cosine that one coordinate carries",
  rows: (cloud) => (cloud.unit ? measureRow(NAME, Math.max(...coordinateContributions(cloud)), {}) : []),
  owns: (row) => row === NAME,
};
