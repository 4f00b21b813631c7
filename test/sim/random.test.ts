import { describe, expect, it } from "vitest";
import { DEFAULT_SEED, randomSource } from "../../models/random.ts";
import { normalizeRows } from "../../sim/clouds/normalize-rows.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { dot, largestDifference } from "./cases.ts";

/** Kolmogorov's distance of a sample from the uniform law on [−1, 1], times √size. */
function kolmogorov(sample: number[]): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const gaps = sorted.map((z, i) =>
    Math.max(Math.abs((z + 1) / 2 - i / sorted.length), (i + 1) / sorted.length - (z + 1) / 2),
  );
  return Math.max(...gaps) * Math.sqrt(sorted.length);
}

/** Above this the uniform law is rejected: a chance of 1e-4 (Kolmogorov). Seeds are fixed, so no test is flaky. */
const CRITICAL = 2.23;

const heights = (x: Float64Array): number[] => Array.from({ length: x.length / 3 }, (_, i) => x[3 * i + 2]);

describe("the random source", () => {
  it("gives the same numbers for the same seed, others for others, and has a default seed", () => {
    const draw = (seed?: number) => Array.from({ length: 5 }, randomSource(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw()).toEqual(draw(DEFAULT_SEED));
  });

  it("gives numbers in [0, 1), with unrelated first numbers for neighbouring seeds", () => {
    const firsts = Array.from({ length: 2000 }, (_, seed) => 2 * randomSource(seed)() - 1);
    expect(firsts.every((u) => u >= -1 && u < 1)).toBe(true);
    expect(kolmogorov(firsts)).toBeLessThan(CRITICAL);
    const products = firsts.slice(1).map((u, i) => 3 * u * firsts[i]);
    const mean = products.reduce((a, b) => a + b) / products.length;
    // Standard error 1/√2000 = 0.022; four of them.
    expect(Math.abs(mean)).toBeLessThan(0.09);
  });

  it("refuses a seed that is not a whole number from 0 to 2³² − 1", () => {
    for (const seed of [-1, 1.5, Number.NaN, 2 ** 32]) expect(() => randomSource(seed)).toThrow(`seed: ${seed}.`);
  });
});

describe("the uniform cloud", () => {
  it("lies on the sphere", () => {
    const { x } = uniformCloud(50, 7, randomSource(1));
    // Rounding of a sum of seven squares.
    for (let i = 0; i < 50; i++) expect(Math.abs(dot(x, i, x, i, 7) - 1)).toBeLessThan(1e-14);
  });

  it("is uniform: on the 2-sphere heights are uniform (Archimedes)", () => {
    expect(kolmogorov(heights(uniformCloud(4000, 3, randomSource(2)).x))).toBeLessThan(CRITICAL);
  });

  it("would be rejected if it were a cube's points pressed onto the sphere", () => {
    const random = randomSource(2);
    const cube = Float64Array.from({ length: 12_000 }, () => 2 * random() - 1);
    expect(kolmogorov(heights(normalizeRows({ n: 4000, d: 3, x: cube })))).toBeGreaterThan(CRITICAL);
  });

  it("refuses sizes that are not whole numbers ≥ 1", () => {
    expect(() => uniformCloud(0, 3, randomSource())).toThrow("n: 0. use a whole number, 1 or above");
    expect(() => uniformCloud(3, 2.5, randomSource())).toThrow("d: 2.5.");
    expect(() => uniformCloud(2, 2 ** 32, randomSource())).toThrow("n × d: 2 × 4294967296. use at most");
  });
});

describe("normalized rows", () => {
  it("are the same at any scale of the cloud", () => {
    const x = uniformCloud(4, 3, randomSource(3)).x;
    for (const scale of [1e-300, 1e-9, 1e9, 1e300]) {
      const y = normalizeRows({ n: 4, d: 3, x: x.map((v) => v * scale) });
      // One rounding each of the scaling, the division and the root.
      expect(largestDifference(y, x)).toBeLessThan(1e-15);
    }
  });

  it("refuse zero vectors, numbers that are not finite and wrong sizes, naming the token", () => {
    expect(() => normalizeRows({ n: 2, d: 2, x: Float64Array.of(1, 0, 0, 0) })).toThrow("cloud, token 1: zero vector");
    expect(() => normalizeRows({ n: 1, d: 2, x: Float64Array.of(1, Number.NaN) })).toThrow("cloud, token 0: NaN");
    expect(() => normalizeRows({ n: 2, d: 2, x: Float64Array.of(1, 0) })).toThrow(
      "cloud: 2 numbers. give n × d = 2 × 2 = 4",
    );
  });
});
