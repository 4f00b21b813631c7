import { sortedDistanceToIsotropic } from "../floors/isotropic-distance.ts";
import { type Measure, measureRow } from "./measure.ts";

/** W1 between the cosines i < j and the law of independent uniform tokens, ∫ |F_N − F|; where there is such a floor. */
export const isotropicDistanceMeasure: Measure = {
  name: "w1_isotropic",
  about: "W1 distance of the cosines from those of independent uniform tokens",
  rows: ({ sortedPairs, isotropic }) =>
    isotropic
      ? measureRow("w1_isotropic", sortedDistanceToIsotropic(sortedPairs, isotropic.cdf), isotropic.values)
      : [],
  owns: (row) => row === "w1_isotropic",
};
