import { randomNormal } from "d3-random";
import { describe, expect, it } from "vitest";
import { circleModes, expectedCircleModes, expectedModes, lineModes, randomSource } from "../../sim/index.ts";

describe("the number of modes of a Gaussian sample", () => {
  it.each([300, 1000, 3000, 10_000, 30_000, 100_000])("is of order √(β ln β) at β = %d and n = 10⁴", (beta) => {
    const normal = randomNormal.source(randomSource(beta))();
    const sample = Float64Array.from({ length: 10_000 }, normal);
    const share = lineModes(sample, beta) / expectedModes(beta)!;
    // The law leaves the constant open: .30 to .52 was seen here, where the count itself grows from 11 to 380.
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.65);
  });

  it("has no law where log β is not positive", () => {
    expect(expectedModes(1)).toBeNull();
    expect(() => expectedModes(Number.NaN)).toThrow("beta: NaN");
  });
});

describe("modes of a kernel density", () => {
  it("are as many as two kernels show: one within two bandwidths of a normal law, two beyond", () => {
    // Two equal normal laws have two modes from a distance of 2σ on.
    expect([1.99, 2.01].map((gap) => lineModes(Float64Array.of(0, gap), 1))).toEqual([1, 2]);
    expect([0, 1e3].map((gap) => lineModes(Float64Array.of(-gap, 0, gap), 1))).toEqual([1, 3]);
    // The middle of e^{β cos(θ − a)} + e^{β cos(θ + a)} is no mode from β sin²a = cos a on.
    const split = Math.cos(0.6) / Math.sin(0.6) ** 2;
    for (const turn of [0, 2, -3.1])
      expect([0.97, 1.03].map((factor) => circleModes([turn - 0.6, turn + 0.6], factor * split))).toEqual([1, 2]);
    expect([circleModes([1, 1, 1], 1e4), circleModes([0, 2, 4], 1e4), circleModes([0, 1, 3], 0.01)]).toEqual([1, 3, 1]);
  });

  it("of uniform angles are on average what Rice's formula says, √(Σ k⁴I_k²/Σ k²I_k²)", () => {
    // The sums by SciPy's ive.
    for (const [beta, value] of [
      [0.5, 1.0863449235406624],
      [4, 2.432179364712587],
      [50, 8.65319831048681],
    ])
      expect(expectedCircleModes(beta)).toBeCloseTo(value, 12);
    expect(expectedCircleModes(1e-9)).toBeCloseTo(1, 8);
    expect(expectedCircleModes(1e6) / Math.sqrt(1.5e6)).toBeCloseTo(1, 6);
    for (const beta of [4, 50]) {
      const copies = 40;
      const counts = Array.from({ length: copies }, (_, copy) => {
        const random = randomSource(copy);
        const angles = Float64Array.from({ length: 500 }, () => 2 * Math.PI * random());
        return circleModes(angles, beta);
      });
      const mean = counts.reduce((a, b) => a + b) / copies;
      const spread = Math.sqrt(counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (copies - 1));
      const error = (4 * spread) / Math.sqrt(copies);
      expect(Math.abs(mean - expectedCircleModes(beta))).toBeLessThan(error);
      // √β in its place is seen to be wrong.
      expect(Math.abs(mean - Math.sqrt(beta))).toBeGreaterThan(error);
    }
  });
});
