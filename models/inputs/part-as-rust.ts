/** What tokenizer.json says of a pre-tokenizer, as far as it is read. */
export interface PreTokenizer {
  readonly type?: string;
  readonly pretokenizers?: readonly PreTokenizer[];
}

/** A pre-tokenizer as it was made of that. */
interface Made {
  pre_tokenize_text?: (text: string) => readonly string[];
  readonly tokenizers?: readonly Made[];
}

/** `\w` of Rust, in which Python's tokenizers are written: https://docs.rs/regex/latest/regex/#perl-character-classes-unicode-friendly */
const WORD = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}";
const SPACE = "\\p{White_Space}";

/** Pieces of a text by the pre-tokenizers that part at what a letter or a space is. */
const PIECES: Readonly<Record<string, RegExp>> = {
  Whitespace: new RegExp(`[${WORD}]+|[^${WORD}${SPACE}]+`, "gu"),
  WhitespaceSplit: new RegExp(`[^${SPACE}]+`, "gu"),
};

/**
 * Makes a pre-tokenizer part texts as Python's does: JavaScript knows no letter beyond ASCII as one of `\w`, and other characters as
 * `\s` (U+FEFF is a space there and none in Rust, U+0085 the other way round).
 *
 * @param made what the library made of `wanted`; changed in place.
 */
export function partAsRust(made: Made | null, wanted: PreTokenizer | null | undefined): void {
  if (!made || !wanted) return;
  const { type = "", pretokenizers = [] } = wanted;
  const pieces = Object.hasOwn(PIECES, type) ? PIECES[type] : null;
  if (pieces) made.pre_tokenize_text = (text) => text.match(pieces) ?? [];
  for (const [i, one] of pretokenizers.entries()) partAsRust(made.tokenizers?.[i] ?? null, one);
}
