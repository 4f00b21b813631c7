import { option, TokensphereError } from "../errors.ts";

/** A function from text to ids, with or without the template. */
export type RawEncode = (text: string, template: boolean) => readonly number[];

/** Texts up to this many characters are encoded at once: far longer ones overflow the tokenizer's stack. */
export const LONG_TEXT = 50_000;
/** Characters on either side of a border that tell whether it is one. */
const CONTEXT = 100;
/** Borders that are tried before a piece is given up. */
const MOST_TRIES = 200;

/**
 * The ids of a very long text, without a template: of its pieces, one after the other. Pieces part before white space
 * where the tokenizer gives the same ids for both sides together and apart, so that they are those of the whole.
 *
 * @throws TokensphereError `input` where no such place is found.
 */
export function encodeLong(encode: RawEncode, text: string, piece = LONG_TEXT): readonly number[] {
  let ids: readonly number[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.length - start <= piece ? text.length : border(encode, text, start, start + piece);
    ids = ids.concat(encode(text.slice(start, end), false));
    start = end;
  }
  return ids;
}

/** The last border after `start` and not after `end`. */
function border(encode: RawEncode, text: string, start: number, end: number): number {
  let tries = 0;
  for (let at = end; at > start + CONTEXT && tries < MOST_TRIES; at--) {
    if (!/\s/.test(text[at]) || /\s/.test(text[at - 1])) continue;
    tries++;
    if (isBorder(encode, text.slice(at - CONTEXT, at), text.slice(at, at + CONTEXT))) return at;
  }
  const what = `text cannot be encoded: ${text.length} characters without a place to part them`;
  throw new TokensphereError("input", `${what}. give shorter texts, for example with ${option("lines")}`);
}

function isBorder(encode: RawEncode, before: string, after: string): boolean {
  const whole = encode(before + after, false);
  const parts = [...encode(before, false), ...encode(after, false)];
  return whole.length === parts.length && whole.every((id, i) => id === parts[i]);
}
