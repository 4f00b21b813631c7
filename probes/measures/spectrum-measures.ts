import { effectiveRank, effectiveRankOfEigenvalues, isoscore, participationRatio } from "../spectrum/spectrum.ts";
import { type Measure, measureRow } from "./measure.ts";

const names: readonly string[] = ["effective_rank", "effective_rank_eig", "participation_ratio", "isoscore"];

/** Ranks of the cloud by the entropy and the second moment of its spectrum; all of them at most min(n, d). */
export const spectrumMeasures: Measure = {
  name: "spectrum",
  about: "effective ranks, participation ratio and IsoScore* of the spectrum",
  rows({ eigenvalues, d, isotropic }) {
    const participation = participationRatio(eigenvalues);
    const values = [
      effectiveRank(eigenvalues),
      effectiveRankOfEigenvalues(eigenvalues),
      participation,
      isoscore(participation, d),
    ];
    return names.flatMap((name, k) => measureRow(name, values[k], isotropic?.values ?? {}));
  },
  owns: (row) => names.includes(row),
  usesSpectrum: true,
};
