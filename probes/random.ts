import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";

/** Uniform numbers in [0, 1), as d3-random takes them. */
export type RandomSource = () => number;

/** The seed wherever none is given. */
export const defaultSeed = 20251201;

/**
 * A source that gives the same numbers for the same seed on every machine: Mersenne twister, 53 bits a number. Its seeding
 * mixes, so that seeds 1, 2, 3 … are unrelated.
 */
export function seededRandom(seed = defaultSeed): RandomSource {
  const generator = mersenne(seed);
  return () => uniformFloat64(generator);
}
