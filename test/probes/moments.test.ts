import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantiles } from "../../probes/numerics/quantiles.ts";
import { massAbove, sortedMassAbove } from "../../probes/products/mass-above.ts";
import { moments } from "../../probes/products/moments.ts";

const samples = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });

describe("moments", () => {
  it("are those of the population of values", () => {
    // Mean 2, squared deviations 1 0 0 1 over 4, cubes −1 + 1.
    expect(moments([1, 2, 2, 3])).toEqual({ count: 4, mean: 2, sd: Math.sqrt(0.5), skew: 0, min: 1, max: 3 });
    // {0, 0, 0, 1}: skew (1 − 2p)/√(p(1 − p)) at p = ¼; four roundings.
    expect(moments([0, 0, 0, 1]).skew).toBeCloseTo(2 / Math.sqrt(3), 14);
  });

  it("keep their spread far from 0, where a difference of squares would lose it", () => {
    const shifted = [1, 2, 2, 3].map((v) => v + 2 ** 40);
    expect(moments(shifted).sd).toBe(Math.sqrt(0.5));
  });

  it("have no skew and no spread where all values coincide", () => {
    expect(moments([0.1, 0.1, 0.1])).toMatchObject({ sd: 0, skew: null });
  });
});

describe("quantiles", () => {
  it("interpolate linearly between order statistics, as NumPy", () => {
    expect(quantiles([40, 10, 20, 30], [0, 0.25, 0.5, 0.9, 1])).toEqual([10, 17.5, 25, 37, 40]);
  });

  it("equal those of the sorted values and leave the values in place", () => {
    const levels = [0.05, 0.25, 0.5, 0.75, 0.95, 1];
    fc.assert(
      fc.property(samples, (values) => {
        const before = [...values];
        const sorted = Float64Array.from(values).sort();
        const expected = levels.map((p) => {
          const at = p * (sorted.length - 1);
          const k = Math.floor(at);
          return at === k ? sorted[k] : sorted[k] + (at - k) * (sorted[k + 1] - sorted[k]);
        });
        expect(quantiles(values, levels).map((v) => v + 0)).toEqual(expected.map((v) => v + 0));
        expect(values).toEqual(before);
      }),
    );
  });

  it("are as many as are asked for", () => {
    const values = Float64Array.from({ length: 5001 }, (_, k) => (k * 1237) % 5001); // 0 … 5000 in another order.
    const levels = Array.from({ length: 1001 }, (_, k) => k / 1000);
    expect(quantiles(values, levels)).toEqual(levels.map((_, k) => expect.closeTo(5 * k, 9)));
  });

  it("take linear time where most values coincide", () => {
    const values = new Float64Array(200_000).fill(0.5);
    values[7] = -1;
    expect(quantiles(values, [0, 0.5, 1])).toEqual([-1, 0.5, 0.5]);
  });
});

describe("massAbove", () => {
  it("is the fraction strictly above", () => {
    expect(massAbove([0.9, 0.91, 0.5, 1], 0.9)).toBe(0.5);
    expect(massAbove([], 0.9)).toBe(0);
  });

  it("is the same of values that ascend", () => {
    const sorted = [0.5, 0.9, 0.9, 0.91, 1];
    for (const threshold of [0, 0.5, 0.9, 0.95, 1])
      expect(sortedMassAbove(sorted, threshold)).toBe(massAbove(sorted, threshold));
    expect(sortedMassAbove([], 0.9)).toBe(0);
  });
});
