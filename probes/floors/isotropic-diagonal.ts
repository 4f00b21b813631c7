import { isotropicTail } from "../numerics/isotropic-law.ts";
import type { Floors } from "./floors.ts";

/**
 * Floors where the whole Gram matrix is counted: of n² values n are 1, the others follow the isotropic law.
 * `sd` is the root of the mixture's variance.
 */
export function diagonalFloors(n: number, d: number, masses: readonly number[]): Floors {
  const share = 1 / n;
  return {
    mean_cosine: share,
    sd_cosine: Math.sqrt(share + (1 - share) / d - share * share),
    max_cosine: 1,
    ...Object.fromEntries(masses.map((t) => [`mass_${t}`, share + (1 - share) * isotropicTail(t, d)])),
  };
}
