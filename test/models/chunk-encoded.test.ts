import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkEncoded } from "../../models/inputs/chunk-encoded.ts";
import type { EncodedText } from "../../models/inputs/tokenizer.ts";

/** A text of `own` tokens 100, 101 … between templates of so many tokens. */
function text(own: number, before = 1, after = 1): EncodedText {
  const flags = [...new Array(before).fill(1), ...new Array(own).fill(0), ...new Array(after).fill(1)];
  const ids = flags.map((flag, i) => (flag ? i : 100 + i - before));
  return { ids, tokens: ids.map(String), special: Uint8Array.from(flags), dropped: 0 };
}

const own = ({ ids, special }: EncodedText) => ids.filter((_, i) => special[i] === 0);

describe("windows of a long text", () => {
  const cases = fc.record({
    length: fc.integer({ min: 2, max: 200 }),
    before: fc.nat(2),
    after: fc.nat(2),
    window: fc.integer({ min: 2, max: 40 }),
    overlap: fc.nat(39),
  });

  it("hold every token in order, equally many each but the last, and the template whole", () => {
    fc.assert(
      fc.property(cases, ({ length, before, after, window, overlap: wanted }) => {
        const overlap = Math.min(wanted, window - 1);
        const whole = text(length, before, after);
        const chunks = chunkEncoded(whole, { size: window + before + after, overlap }, Number.POSITIVE_INFINITY);
        const seen = new Set(chunks.flatMap(({ encoded }) => own(encoded)));
        expect([...seen]).toEqual(own(whole));
        for (const [i, { encoded, from, to }] of chunks.entries()) {
          expect(own(encoded)).toEqual(own(whole).slice(from, to));
          expect(encoded.ids.slice(0, before)).toEqual(whole.ids.slice(0, before));
          expect(encoded.ids.slice(encoded.ids.length - after)).toEqual(whole.ids.slice(whole.ids.length - after));
          expect(encoded.tokens).toEqual(encoded.ids.map(String));
          const last = i === chunks.length - 1;
          expect(to - from).toBeGreaterThanOrEqual(2);
          if (!last) expect(to - from).toBe(window);
          if (i > 0 && !last) expect(chunks[i - 1].to - from).toBe(overlap);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("are one, the text itself, where it fits", () => {
    expect(chunkEncoded(text(6), { size: null, overlap: 0 }, 8)).toEqual([{ encoded: text(6), from: 0, to: 6 }]);
  });

  it("give a single token that is left over one of the window before", () => {
    const chunks = chunkEncoded(text(7), { size: 5, overlap: 0 }, 8);
    expect(chunks.map(({ from, to }) => [from, to])).toEqual([
      [0, 3],
      [3, 6],
      [5, 7],
    ]);
  });

  it.each([
    [{ size: null, overlap: 0 }, Number.POSITIVE_INFINITY, /`chunk: max`: nothing limits .* give a number/],
    [{ size: 9, overlap: 0 }, 8, /`chunk`: 9 tokens, the model takes 8\. give fewer/],
    [{ size: 5, overlap: 3 }, 8, /`chunk`: 5 tokens, 2 of them the template's, with an overlap of 3/],
    [{ size: 3, overlap: 0 }, 8, /give longer windows/],
  ])("are refused where they cannot be: %o of %s", (policy, limit, message) => {
    expect(() => chunkEncoded(text(20), policy, limit)).toThrow(message);
  });
});
