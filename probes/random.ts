import { seededUniform } from "../models/random-source.ts";

/** Uniform numbers in [0, 1), as d3-random takes them. */
export type RandomSource = () => number;

/** The seed wherever none is given. */
export const defaultSeed = 20251201;

/** A source that gives the same numbers for the same seed on every machine. */
export function seededRandom(seed = defaultSeed): RandomSource {
  return seededUniform(seed);
}
