import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import { TokensphereError } from "../models/errors.ts";

/** Numbers uniform in [0, 1), one a call. Whatever draws is handed one of these, never `Math.random`. */
export type RandomSource = () => number;

/** The seed of every run that names none. */
export const DEFAULT_SEED = 20251201;

/**
 * A seeded random source (Mersenne twister, 53 bits a number): the same seed gives the same numbers on every machine.
 * Its seeding is not linear, so that seeds 1, 2, 3 … are unrelated; those of xorshift generators are not.
 *
 * @param seed - A whole number from 0 to 2³² − 1.
 * @throws TokensphereError `usage` on any other seed.
 */
export function randomSource(seed: number = DEFAULT_SEED): RandomSource {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new TokensphereError("usage", `seed: ${seed}. use a whole number from 0 to 4294967295`);
  }
  const generator = mersenne(seed);
  return () => uniformFloat64(generator);
}
