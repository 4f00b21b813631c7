import { TokensphereError } from "../../models/errors.ts";
import type { RandomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { isotropicCloud } from "../../probes/floors/isotropic-cloud.ts";
import { checkWhole } from "./check-number.ts";

/** A simulated cloud: float64, on the unit sphere unless said otherwise. */
export interface Float64Cloud extends Cloud {
  readonly x: Float64Array;
}

/** Numbers in a cloud, 2 GiB: an integration holds about twenty such arrays. */
const MOST_NUMBERS = 2 ** 28;

/**
 * n independent points, uniform on the unit sphere of R^d: `isotropicCloud` for sizes that a user gives.
 *
 * @throws TokensphereError `usage` where n or d is not a whole number ≥ 1, or n·d is above 2²⁸.
 */
export function uniformCloud(n: number, d: number, random: RandomSource): Float64Cloud {
  checkWhole("n", n, 1);
  checkWhole("d", d, 1);
  if (n * d > MOST_NUMBERS)
    throw new TokensphereError("usage", `n × d: ${n} × ${d}. use at most ${MOST_NUMBERS} numbers, 2 GiB`);
  return isotropicCloud(n, d, random);
}
