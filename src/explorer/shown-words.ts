/** How tokenizers mark a word's beginning, or that a token is none. */
const BEGINS = /^[▁Ġ]/;
const GOES_ON = /^##/;

/**
 * Tokens as they read in a row: each with the space before it, where there was one. SentencePiece and byte-level BPE mark words that begin,
 * WordPiece those parts that go on; where nothing is marked every token stands by itself.
 */
export function shownWords(tokens: readonly string[]): readonly string[] {
  const begins = tokens.some((token) => BEGINS.test(token));
  return tokens.map((token) => {
    if (begins) return token.replace(/[▁Ġ]/g, " ").replace(/Ċ/g, "\n");
    return GOES_ON.test(token) ? token.slice(2) : ` ${token}`;
  });
}
