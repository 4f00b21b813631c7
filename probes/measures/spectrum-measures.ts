import {
  effectiveRank,
  effectiveRankOfEigenvalues,
  isoscore,
  participationRatio,
  topShare,
} from "../spectrum/spectrum.ts";
import { type Measure, measureRow } from "./measure.ts";

const names: readonly string[] = [
  "effective_rank",
  "effective_rank_eig",
  "participation_ratio",
  "isoscore",
  "top_direction_share",
];

/** Ranks of the cloud by the entropy and the second moment of its spectrum; all of them at most min(n, d). */
export const spectrumMeasures: Measure = {
  name: "spectrum",
  about: "effective ranks, participation ratio, IsoScore* and share of the top direction of the spectrum",
  rows({ eigenvalues, d, isotropic }) {
    const participation = participationRatio(eigenvalues);
    const values = [
      effectiveRank(eigenvalues),
      effectiveRankOfEigenvalues(eigenvalues),
      participation,
      isoscore(participation, d),
      topShare(eigenvalues),
    ];
    return names.flatMap((name, k) => measureRow(name, values[k], isotropic?.values ?? {}));
  },
  owns: (row) => names.includes(row),
  usesSpectrum: true,
};
