import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";

/**
 * Numbers uniform in [0, 1), 53 bits each, the same for the same seed on every machine: Mersenne twister. Its seeding mixes, so
 * that seeds 1, 2, 3 … are unrelated.
 */
export function seededUniform(seed: number): () => number {
  const generator = mersenne(seed);
  return () => uniformFloat64(generator);
}
