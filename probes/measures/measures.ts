import { clusterMeasures } from "./cluster-measures.ts";
import { collapseMeasure } from "./collapse-measure.ts";
import { coordinateMeasure } from "./coordinate-measure.ts";
import { energyMeasures } from "./energy-measures.ts";
import { isotropicDistanceMeasure } from "./isotropic-distance-measure.ts";
import { meanVectorMeasure } from "./mean-vector-norm.ts";
import type { Measure } from "./measure.ts";
import { normMeasures } from "./norm-measures.ts";
import { productMeasures } from "./product-measures.ts";
import { spectrumMeasures } from "./spectrum-measures.ts";
import { twoNnMeasure } from "./two-nn-measure.ts";

/** What is measured of a cloud where nothing else is said, in the order of the rows. With one of your own: `[...MEASURES, mine]`. */
export const MEASURES: readonly Measure[] = [
  productMeasures,
  isotropicDistanceMeasure,
  meanVectorMeasure,
  normMeasures,
  spectrumMeasures,
  energyMeasures,
  clusterMeasures,
  collapseMeasure,
  twoNnMeasure,
  coordinateMeasure,
];
