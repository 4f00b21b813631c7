import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import { TokensphereError } from "./errors.ts";

/** Uniform numbers in [0, 1), 53 bits each, as d3-random takes them. */
export type RandomSource = () => number;

/** The seed of every run that names none. */
export const DEFAULT_SEED = 20251201;

/**
 * A source that gives the same numbers for the same seed on every machine: Mersenne twister. Its seeding mixes, so that seeds
 * 1, 2, 3 … are unrelated.
 *
 * @param seed - A whole number from 0 to 2³² − 1.
 * @throws TokensphereError `usage` for any other seed.
 */
export function randomSource(seed: number = DEFAULT_SEED): RandomSource {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new TokensphereError("usage", `seed: ${seed}. use a whole number from 0 to 4294967295`);
  }
  const generator = mersenne(seed);
  return () => uniformFloat64(generator);
}

/** A permutation of 0 … n − 1, each as likely as every other (Fisher and Yates). */
export function permutation(n: number, random: RandomSource): Int32Array {
  const out = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

/** The same values in random order. */
export function shuffled<T>(values: readonly T[], random: RandomSource): T[] {
  return Array.from(permutation(values.length, random), (from) => values[from]);
}
