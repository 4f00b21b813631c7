import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeLong, type RawEncode } from "../../models/inputs/encode-long.ts";
import { makeTokenizer } from "../../models/inputs/tokenizer.ts";

/** An id a word; the template is 1 … 2. */
const words: RawEncode = (text, template) => {
  const ids = (text.match(/\S+/g) ?? []).map((word) => 10 + word.length);
  return template ? [1, ...ids, 2] : ids;
};

/** As words, but a text begins with a mark of its own, as SentencePiece has it: no border is one. */
const marked: RawEncode = (text, template) => [9, ...words(text, template)];

const texts = fc
  .array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 60, maxLength: 300 })
  .map((all) => all.join(" "));

describe("a very long text", () => {
  it("has the ids that it has as a whole, in whatever pieces", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 120, max: 400 }), (text, piece) => {
        expect(encodeLong(words, text, piece)).toEqual(words(text, false));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("is refused where its pieces have other ids than the whole, or where it has no white space", () => {
    expect(() => encodeLong(marked, "ab ".repeat(200), 300)).toThrow(/600 characters without a place to part them/);
    expect(() => encodeLong(words, "a".repeat(600), 300)).toThrow(/without a place/);
  });

  it("keeps its template, and is refused or cut by its tokens as any other", () => {
    const tokenizer = makeTokenizer(words, String, 8);
    const text = "ab ".repeat(40_000).trim();
    expect(() => tokenizer.encode(text)).toThrow(/text too long: 40002 tokens/);
    expect(tokenizer.encode(text, { truncate: true })).toMatchObject({
      ids: [1, 12, 12, 12, 12, 12, 12, 2],
      special: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1),
      dropped: 39_994,
    });
    expect(tokenizer.encode(text, { whole: true }).ids).toHaveLength(40_002);
  });
});
