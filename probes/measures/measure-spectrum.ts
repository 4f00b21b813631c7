import type { Cloud } from "../cloud.ts";
import type { Floors } from "../floors/floors.ts";
import {
  effectiveRank,
  effectiveRankOfEigenvalues,
  isoscore,
  participationRatio,
  spectrum,
} from "../spectrum/spectrum.ts";
import { type Measure, measureRow } from "./measure.ts";

/** Ranks of the cloud by the entropy and the second moment of its spectrum; all of them at most min(n, d). */
export function measureSpectrum(
  cloud: Cloud,
  pairs: Float64Array,
  coordinates: Float64Array | undefined,
  floors: Floors,
): readonly Measure[] {
  const eigenvalues = spectrum(cloud, pairs, coordinates);
  const participation = participationRatio(eigenvalues);
  return [
    measureRow("effective_rank", effectiveRank(eigenvalues), floors),
    measureRow("effective_rank_eig", effectiveRankOfEigenvalues(eigenvalues), floors),
    measureRow("participation_ratio", participation, floors),
    measureRow("isoscore", isoscore(participation, cloud.d), floors),
  ].flat();
}
