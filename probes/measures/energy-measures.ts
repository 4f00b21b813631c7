import { energyOf } from "../products/energy.ts";
import { type Measure, measureRow } from "./measure.ts";

/** ln E_β and the scaled energy of unit tokens at each β, which the name carries; rows that do not exist (β ≤ 0) are left out. */
export const energyMeasures: Measure = {
  name: "energy",
  about: "ln E_β of theory and (1/n²) Σ e^{β(G − 1)} at each β",
  rows({ unit, pairs, n, betas, isotropic }) {
    if (!unit) return [];
    const floors = isotropic?.values ?? {};
    return betas.flatMap((beta) => {
      const { logEnergy, scaled } = energyOf(pairs, n, beta);
      return [
        ...measureRow(`log_energy_${beta}`, logEnergy, floors),
        ...measureRow(`scaled_energy_${beta}`, scaled, floors),
      ];
    });
  },
  owns: (row) => /^(log|scaled)_energy_/.test(row),
};
