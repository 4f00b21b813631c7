import { TokensphereError } from "../errors.ts";

/** What is asked of a model that its files do not say themselves. */
export interface Overrides {
  /** Number of blocks: one block with shared weights is repeated. */
  readonly depth?: number;
  /** Number of attention heads; it must divide the width. Needs a checkpoint. */
  readonly heads?: number;
  /** Seed of fresh weights in the place of the trained ones. Needs config.json alone. */
  readonly randomInit?: number;
  /** Seed of a permutation of a text's own tokens; those of the tokenizer's template stay. */
  readonly shuffleTokens?: number;
}

/** Enough for any model: a graph holds all of its blocks. */
export const MOST_BLOCKS = 4096;
const MOST_SEED = 0xffffffff;

/**
 * The overrides that were asked for, checked.
 *
 * @throws TokensphereError `usage` for a number out of range.
 */
export function checkOverrides({ depth, heads, randomInit, shuffleTokens }: Overrides): Overrides {
  return {
    ...checked("depth", depth, 1, MOST_BLOCKS),
    ...checked("heads", heads, 1, MOST_BLOCKS),
    ...checked("randomInit", randomInit, 0, MOST_SEED),
    ...checked("shuffleTokens", shuffleTokens, 0, MOST_SEED),
  };
}

/** Those that an exported graph cannot serve. */
export function needCheckpoint({ heads, randomInit }: Overrides): "heads" | "random-init" | null {
  if (randomInit !== undefined) return "random-init";
  return heads === undefined ? null : "heads";
}

const SHOWN: Readonly<Record<keyof Overrides, string>> = {
  depth: "depth",
  heads: "heads",
  randomInit: "random-init seed",
  shuffleTokens: "shuffle-tokens seed",
};

function checked(key: keyof Overrides, value: number | undefined, from: number, to: number): Overrides {
  if (value === undefined) return {};
  if (Number.isInteger(value) && value >= from && value <= to) return { [key]: value };
  throw new TokensphereError("usage", `${SHOWN[key]}: ${value}. use a whole number from ${from} to ${to}`);
}
