import { CENSUS } from "./census-format.ts";
import { COMPARISON } from "./comparison-format.ts";
import { EXPLORER } from "./explorer-format.ts";
import { FIT } from "./fit-format.ts";
import type { Format } from "./format.ts";
import { INSPECT } from "./inspect-format.ts";
import { HISTOGRAMS, RUN } from "./run-formats.ts";
import { SCHEMES_BY_LAYER } from "./schemes-format.ts";
import {
  BIFURCATION,
  CHAOS,
  LAYER_STEPS,
  MEAN_FIELD,
  NOISY_SIMULATION,
  PHASES,
  SIMULATION,
  SWEEP,
  ZONAL_MEAN_FIELD,
} from "./theory-formats.ts";

/** Every JSON file that the program writes, in the order of docs/formats.md. */
export const FORMATS: readonly Format[] = [
  ...[RUN, HISTOGRAMS, FIT, EXPLORER, COMPARISON, INSPECT],
  ...[SIMULATION, NOISY_SIMULATION, LAYER_STEPS, SCHEMES_BY_LAYER, SWEEP, CENSUS],
  ...[MEAN_FIELD, ZONAL_MEAN_FIELD, BIFURCATION, PHASES, CHAOS],
];
