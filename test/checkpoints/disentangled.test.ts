import { expect, it } from "vitest";
import { rowTable } from "../../models/checkpoints/layers/disentangled.ts";

it("the rows of distances are those of DeBERTa: exact when near, in steps of the logarithm when far", () => {
  const table = rowTable({ span: 256, buckets: 256, maxDistance: 512 });
  const row = (distance: number) => table[distance + 512] - 256;
  // As Hugging Face's make_log_bucket_position gives them (transformers 5.18).
  expect([0, 1, 127, 128, 129, 200, 300, 511].map(row)).toEqual([0, 1, 127, 128, 129, 169, 207, 255]);
  for (const distance of [1, 100, 200, 500]) expect(row(-distance)).toBe(-row(distance));
  expect(table).toEqual([...table].sort((a, b) => a - b));
});

it("the rows of distances are the distances themselves where there are no buckets", () => {
  expect(rowTable({ span: 4, buckets: 0, maxDistance: 4 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 7]);
});
