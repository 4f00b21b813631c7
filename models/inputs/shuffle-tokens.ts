import { randomSource, shuffled } from "../random.ts";
import type { EncodedText, Tokenizer } from "./tokenizer.ts";

/**
 * A tokenizer whose texts come with their own tokens in random order, the template's in place: a control without
 * syntax. Every text begins from the same seed, so that its order does not depend on the texts before.
 */
export function shufflingTokenizer(tokenizer: Tokenizer, seed: number): Tokenizer {
  return { ...tokenizer, encode: (text, options) => shuffleTokens(tokenizer.encode(text, options), seed) };
}

/** A text with its own tokens permuted. */
export function shuffleTokens(encoded: EncodedText, seed: number): EncodedText {
  const own = [...encoded.special.keys()].filter((i) => encoded.special[i] === 0);
  const from = shuffled(own, randomSource(seed));
  const ids = [...encoded.ids];
  const tokens = [...encoded.tokens];
  own.forEach((i, k) => {
    ids[i] = encoded.ids[from[k]];
    tokens[i] = encoded.tokens[from[k]];
  });
  return { ...encoded, ids, tokens };
}
