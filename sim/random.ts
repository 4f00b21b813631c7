import { TokensphereError } from "../models/errors.ts";
import { defaultSeed, type RandomSource, seededRandom } from "../probes/random.ts";

export type { RandomSource } from "../probes/random.ts";

/** The seed of every run that names none. */
export const DEFAULT_SEED = defaultSeed;

/**
 * `seededRandom` of the probes, for seeds that a user gives.
 *
 * @param seed - A whole number from 0 to 2³² − 1.
 * @throws TokensphereError `usage` on any other seed.
 */
export function randomSource(seed: number = DEFAULT_SEED): RandomSource {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new TokensphereError("usage", `seed: ${seed}. use a whole number from 0 to 4294967295`);
  }
  return seededRandom(seed);
}
