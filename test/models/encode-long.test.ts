import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeLong, type RawEncode } from "../../models/inputs/encode-long.ts";
import { makeTokenizer } from "../../models/inputs/tokenizer.ts";

/** An id a word; the template is 1 … 2. */
const words: RawEncode = (text, template) => {
  const ids = (text.match(/\S+/g) ?? []).map((word) => 10 + word.length);
  return template ? [1, ...ids, 2] : ids;
};

/** As words, but a text begins with a mark of its own, as SentencePiece has it, which is taken off. */
const marked: RawEncode = (text) => [9, ...words(text, false)];

const texts = fc
  .array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 60, maxLength: 300 })
  .map((all) => all.join(" "));

/** A mark before a text and in the place of every space, then all letters one by one: as SentencePiece with a text in letters. */
const sentencePiece: RawEncode = (text) =>
  Array.from(`▁${text.replaceAll(" ", "▁")}`, (letter) => letter.codePointAt(0)!);

/** As it, with the mark and the letter after it in one: there is no mark to take off before a letter. */
const merged: RawEncode = (text) =>
  (`▁${text.replaceAll(" ", "▁")}`.match(/▁?[^▁]|▁/gu) ?? []).map((word) =>
    [...word].reduce((sum, c) => 7 * sum + c.codePointAt(0)!, 0),
  );

/** Letters without spaces, some of two halves, some with accents. */
const script = fc
  .array(fc.constantFrom("天", "地", "𠀋", "e\u0301", "。", "玄"), { minLength: 300, maxLength: 600 })
  .map((all) => all.join(""));

describe("a very long text", () => {
  it.each([
    ["without spaces, a mark in front", sentencePiece, script],
    ["with spaces, a mark in front", sentencePiece, texts],
    ["with spaces, a mark merged with the letter after it", merged, texts],
  ])("%s has the ids of the whole", (_, encode, made) => {
    fc.assert(
      fc.property(made, fc.integer({ min: 120, max: 250 }), (text, piece) => {
        expect(encodeLong(encode, text, piece)).toEqual(encode(text, false));
      }),
      { seed: 2, numRuns: 40 },
    );
  });

  it("has the ids that it has as a whole, in whatever pieces", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 120, max: 400 }), (text, piece) => {
        expect(encodeLong(words, text, piece)).toEqual(words(text, false));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("is refused where its pieces have other ids than the whole", () => {
    const long: RawEncode = (text) => [text.length];
    expect(() => encodeLong(long, "ab ".repeat(200), 300)).toThrow(/600 characters without a place to part them/);
    expect(() => encodeLong(words, "a".repeat(600), 300)).toThrow(/without a place/);
    expect(encodeLong(marked, "ab ".repeat(200), 300)).toEqual(marked("ab ".repeat(200), false).slice(0, 201));
  });

  it("keeps its template, and is refused or cut by its tokens as any other", () => {
    const tokenizer = makeTokenizer(words, String, 8);
    const text = "ab ".repeat(40_000).trim();
    // One that is refused is not encoded to its end: a book takes half a minute.
    expect(() => tokenizer.encode(text)).toThrow(/text too long: at least 1666\d tokens, the model takes 8\./);
    expect(tokenizer.encode(text, { truncate: true })).toMatchObject({
      ids: [1, 12, 12, 12, 12, 12, 12, 2],
      special: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1),
      dropped: 39_994,
    });
    expect(tokenizer.encode(text, { whole: true }).ids).toHaveLength(40_002);
  });
});
