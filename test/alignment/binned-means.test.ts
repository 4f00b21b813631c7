import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { binnedMeans } from "../../src/alignment/binned-means.ts";

const boundsOf = (count: number, blocks: number) =>
  Int32Array.from({ length: blocks + 1 }, (_, b) => Math.round((b * count) / blocks));

function sortedMeans(values: Float64Array, bounds: Int32Array): Float64Array {
  const sorted = values.slice().sort();
  return Float64Array.from({ length: bounds.length - 1 }, (_, b) => {
    const block = sorted.subarray(bounds[b], bounds[b + 1]);
    return block.reduce((sum, value) => sum + value, 0) / block.length;
  });
}

describe("means of blocks by bins", () => {
  it("are those of sorted values, but for less than the width of a bin, and keep the mean of all", () => {
    const one = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(one, { minLength: 4, maxLength: 300 }), fc.integer({ min: 1, max: 4 }), (list, blocks) => {
        const values = Float64Array.from(list);
        const bounds = boundsOf(values.length, blocks);
        const found = new Float64Array(blocks);
        binnedMeans(values, bounds, found, 0);
        const width = (Math.max(...list) - Math.min(...list)) / (2 ** 16 - 1);
        const exact = sortedMeans(values, bounds);
        found.forEach((value, b) => {
          expect(Math.abs(value - exact[b])).toBeLessThanOrEqual(width + 1e-15);
        });
      }),
    );
  });

  it("of a third of a million values differ by a hundredth of a bin", () => {
    const random = randomSource(1);
    const values = Float64Array.from({ length: 330_000 }, () => Math.tanh(random() + random() - 1));
    const bounds = boundsOf(values.length, 1024);
    const found = new Float64Array(1026);
    binnedMeans(values, bounds, found, 1);
    const exact = sortedMeans(values, bounds);
    const off = exact.map((value, b) => Math.abs(found[b + 1] - value));
    expect(Math.max(...off)).toBeLessThan(0.01 * (1.6 / 2 ** 16));
    expect([found[0], found[1025]]).toEqual([0, 0]); // Nothing is written beside them.
  });

  it("of values that are all the same are that value", () => {
    const found = new Float64Array(2);
    binnedMeans(new Float64Array(10).fill(0.25), boundsOf(10, 2), found, 0);
    expect(found).toEqual(Float64Array.of(0.25, 0.25));
  });
});
