import type { Floors } from "../floors/floors.ts";
import { energyOf } from "../products/energy.ts";
import { type Measure, measureRow } from "./measure.ts";

/** ln E_β and the scaled energy at each β, which the name carries; rows that do not exist (β ≤ 0) are left out. */
export function measureEnergy(
  pairs: Float64Array,
  n: number,
  betas: readonly number[],
  floors: Floors,
): readonly Measure[] {
  return betas.flatMap((beta) => {
    const { logEnergy, scaled } = energyOf(pairs, n, beta);
    return [
      measureRow(`log_energy_${beta}`, logEnergy, floors),
      measureRow(`scaled_energy_${beta}`, scaled, floors),
    ].flat();
  });
}
