import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { sortValues } from "../../probes/numerics/sort-values.ts";
import { gaussianCloud } from "./clouds.ts";

const COUNT = 3000;
const numbers = gaussianCloud(COUNT, 1, randomSource(1)).x;

describe("sortValues is the values' own sort", () => {
  it.each([
    ["of normal numbers", numbers],
    ["of few", numbers.slice(0, 500)],
    ["of a lump beside one far away", numbers.map((v, p) => (p === 7 ? -1e9 : v))],
    ["of numbers at the ends of what there is", numbers.map((v, p) => (p === 7 ? -1e308 : p === 8 ? 1e308 : v))],
    ["of many, one far away", Float64Array.from({ length: 20_000 }, (_, p) => (p === 7 ? -1 : Math.sin(p) * 1e-9))],
    ["of more than are sorted at once", Float64Array.from({ length: 2_200_000 }, (_, p) => Math.sin(p * p) ** 3)],
    [
      "of more than are sorted at once, most in a lump",
      Float64Array.from({ length: 2_200_000 }, (_, p) => (p < 9 ? p : 1e-6 * Math.sin(p * p))),
    ],
    ["of infinite ones", numbers.map((v, p) => (p === 7 ? Number.POSITIVE_INFINITY : v))],
    ["of equal ones", new Float64Array(COUNT).fill(0.25)],
    ["of ties", numbers.map((v) => Math.round(4 * v) + 0)],
    ["of two neighbouring numbers", numbers.map((_, p) => (p % 2 === 0 ? 1 : 1 + Number.EPSILON))],
    ["of falling ones", Float64Array.from({ length: COUNT }, (_, p) => -p)],
    ["of none", new Float64Array(0)],
  ])("%s", (_, values) => {
    const sorted = sortValues(values.slice());
    const expected = values.slice().sort();
    expect(sorted.every((v, p) => v === expected[p])).toBe(true);
  });
});
