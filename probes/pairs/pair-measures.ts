import { angleMoved } from "./angle-moved.ts";
import { linearCka } from "./linear-cka.ts";
import { neighbourOverlap } from "./neighbour-overlap.ts";
import { pairCorrelation } from "./pair-correlation.ts";
import type { PairMeasure } from "./pair-measure.ts";
import { w1 } from "./w1.ts";

/** The measures of two clouds of the same tokens that come with the package. With one of your own: `[...PAIR_MEASURES, mine]`. */
export const PAIR_MEASURES: readonly PairMeasure[] = [w1, pairCorrelation, angleMoved, linearCka, neighbourOverlap];
