import { TokensphereError } from "../../models/errors.ts";
import type { RandomSource } from "../../models/random.ts";
import { checkWhole } from "../clouds/check-number.ts";
import { type CircleMoments, massUpTo } from "./circle-moments.ts";

/** Cells between which the distribution function is taken as straight: 4e-4 of a radian. */
const CELLS = 16_384;

/** What rounding may take from a distribution function. */
const ROUNDING = 1e-9;

/**
 * n independent angles from a density on the circle, in [0, 2π), by inverting its distribution function.
 *
 * @throws TokensphereError `usage` for n < 1, `input` where the moments are not those of a density ≥ 0.
 */
export function sampleCircle(density: CircleMoments, n: number, random: RandomSource): Float64Array {
  checkWhole("n", n, 1);
  const mass = Float64Array.from({ length: CELLS + 1 }, (_, cell) => massUpTo(density, (2 * Math.PI * cell) / CELLS));
  for (let cell = 0; cell < CELLS; cell++) {
    if (mass[cell + 1] < mass[cell] - ROUNDING)
      throw new TokensphereError("input", "density: negative somewhere. take more modes, or a wider start");
    mass[cell + 1] = Math.max(mass[cell], mass[cell + 1]);
  }
  return Float64Array.from({ length: n }, () => angleAt(mass, random() * mass[CELLS]));
}

function angleAt(mass: Float64Array, target: number): number {
  let [low, high] = [0, CELLS];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (mass[middle] <= target) low = middle;
    else high = middle;
  }
  const width = mass[high] - mass[low];
  const part = width > 0 ? (target - mass[low]) / width : 0.5;
  return (2 * Math.PI * (low + part)) / CELLS;
}
