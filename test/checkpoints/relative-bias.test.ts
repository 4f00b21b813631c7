import { describe, expect, it } from "vitest";
import { bucketTable } from "../../models/checkpoints/layers/relative-bias.ts";

describe("buckets of distance", () => {
  it("are those of T5: exact when near, equal steps of the logarithm when far, one half for either direction", () => {
    // 32 buckets up to 128, as Hugging Face's T5Attention gives them (transformers 5.18).
    const table = bucketTable(32, 128);
    const bucket = (distance: number) => table[distance + 128];
    expect([0, 1, 2, 7, 8, 9, 11, 12, 16, 23, 32, 46, 64, 91, 128].map((d) => bucket(-d))).toEqual([
      0, 1, 2, 7, 8, 8, 8, 9, 10, 11, 12, 13, 14, 15, 15,
    ]);
    expect([1, 7, 8, 128].map(bucket)).toEqual([17, 23, 24, 31]);
  });

  it("never fall as the distance grows, and use every bucket", () => {
    for (const [buckets, farthest] of [
      [8, 16],
      [32, 128],
      [64, 256],
    ]) {
      const table = bucketTable(buckets, farthest);
      const back = table.slice(0, farthest + 1).reverse();
      const on = table.slice(farthest + 1);
      for (const side of [back, on]) expect(side).toEqual([...side].sort((a, b) => a - b));
      // Bucket buckets/2 stands for distance 0 to the right, which does not occur.
      expect(new Set(table).size).toBe(buckets - 1);
    }
  });
});
