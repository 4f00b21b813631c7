import { option, TokensphereError } from "../errors.ts";

/** A function from text to ids, with or without the template. */
export type RawEncode = (text: string, template: boolean) => readonly number[];

/** Texts up to this many characters are encoded at once: far longer ones overflow the tokenizer's stack. */
export const LONG_TEXT = 50_000;
/** Characters on either side of a border that tell whether it is one. */
const CONTEXT = 100;
/** Borders of a kind that are tried before it is given up. */
const MOST_TRIES = 200;

/** A place where a text is parted. */
interface Border {
  /** Where the piece before it ends and the one after it starts: with the same character, or with the one after a space. */
  readonly end: number;
  readonly next: number;
  /** The id that a text begins with, which the piece after it has and the whole text has not; null: none. */
  readonly mark: number | null;
}

/**
 * The ids of a very long text, without a template: of its pieces, one after the other. Pieces part where the tokenizer gives the
 * same ids for both sides together and apart, so that they are those of the whole: before white space, where there is any, else
 * between two characters. A tokenizer that puts a mark in front of a text, as SentencePiece does, parts in the place of a space, for
 * which the mark then stands, or has the mark taken off.
 *
 * @param most - Of a text with more ids than this the first of them are given, more than so many: whoever refuses it need not wait.
 * @throws TokensphereError `input` where no such place is found.
 */
export function encodeLong(
  encode: RawEncode,
  text: string,
  piece = LONG_TEXT,
  most = Number.POSITIVE_INFINITY,
): readonly number[] {
  let ids: readonly number[] = [];
  let at: Border = { end: 0, next: 0, mark: null };
  while (at.next < text.length && ids.length <= most) {
    const start = at.next;
    const to = text.length - start <= piece ? null : border(encode, text, start, start + piece);
    const own = encode(text.slice(start, to?.end), false);
    if (at.mark !== null && own[0] !== at.mark) throw noBorder(text);
    ids = ids.concat(at.mark === null ? own : own.slice(1));
    at = to ?? { end: text.length, next: text.length, mark: null };
  }
  return ids;
}

/** The last border after `start` and not after `end`, before white space rather than elsewhere. */
function border(encode: RawEncode, text: string, start: number, end: number): Border {
  for (const mayPart of [beforeSpace, betweenCharacters]) {
    let tries = 0;
    for (let at = end; at > start + CONTEXT && tries < MOST_TRIES; at--) {
      if (!mayPart(text, at)) continue;
      tries++;
      const found = borderAt(encode, text, at);
      if (found !== null) return found;
    }
  }
  throw noBorder(text);
}

function beforeSpace(text: string, at: number): boolean {
  return /\s/.test(text[at]) && !/\s/.test(text[at - 1]);
}

/** Not within a character of two halves, nor before what belongs to the one before: accents, joiners, variants. */
function betweenCharacters(text: string, at: number): boolean {
  return (
    !/^(?:[\udc00-\udfff]|\p{M}|\u200d)/u.test(text.slice(at, at + 2)) && !/[\ud800-\udbff\u200d]$/.test(text[at - 1])
  );
}

function borderAt(encode: RawEncode, text: string, at: number): Border | null {
  const before = text.slice(at - CONTEXT, at);
  const after = text.slice(at, at + CONTEXT);
  const whole = encode(before + after, false);
  const left = encode(before, false);
  const right = encode(after, false);
  if (isJoined(whole, left, right)) return { end: at, next: at, mark: null };
  if (right.length > 1 && isJoined(whole, left, right.slice(1))) return { end: at, next: at, mark: right[0] };
  const inSpace = text[at] === " " && isJoined(whole, left, encode(after.slice(1), false));
  return inSpace ? { end: at, next: at + 1, mark: null } : null;
}

function isJoined(whole: readonly number[], left: readonly number[], right: readonly number[]): boolean {
  return (
    whole.length === left.length + right.length &&
    whole.every((id, i) => id === (i < left.length ? left[i] : right[i - left.length]))
  );
}

function noBorder(text: string): TokensphereError {
  const what = `text cannot be encoded: ${text.length} characters without a place to part them`;
  return new TokensphereError("input", `${what}. give shorter texts, for example with ${option("lines")}`);
}
