import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import {
  circleDensity,
  momentsOfAngles,
  momentsOfMixture,
  momentsOfPerturbation,
  momentsOfVonMises,
  momentsOfWrappedNormal,
} from "../../sim/mean-field/circle-moments.ts";
import { particleDistances } from "../../sim/mean-field/particle-distances.ts";
import { sampleCircle } from "../../sim/mean-field/sample-circle.ts";
import { noiseSeed } from "../../sim/simulate/noisy.ts";

describe("densities on the circle", () => {
  it("of von Mises are proportional to e^{s cos(θ − m)}", () => {
    const moments = momentsOfVonMises(0.8, 3, 40);
    const ratio = circleDensity(moments, 2) / circleDensity(moments, 1);
    // Moments beyond the fortieth are below 1e-30.
    expect(ratio).toBeCloseTo(Math.exp(3 * (Math.cos(1.2) - Math.cos(0.2))), 12);
    expect(momentsOfVonMises(0, 0, 2)).toEqual({ re: [0, 0], im: [0, 0] });
  });

  it("of a perturbation are 1 + ε cos kθ over 2π, and mixtures are means", () => {
    const moments = momentsOfPerturbation(0.3, 2, 4);
    for (const theta of [0, 1, 2.5])
      expect(circleDensity(moments, theta)).toBeCloseTo((1 + 0.3 * Math.cos(2 * theta)) / (2 * Math.PI), 14);
    const mixed = momentsOfMixture([moments, momentsOfWrappedNormal(1, 0.5, 4)], 4);
    expect(mixed.re[1]).toBeCloseTo((0.15 + Math.exp(-0.5) * Math.cos(2)) / 2, 14);
  });
});

describe("tokens drawn from a density", () => {
  it("have its moments, up to chance, and lie in [0, 2π)", () => {
    const density = momentsOfMixture([momentsOfWrappedNormal(1, 0.4, 60), momentsOfVonMises(4, 5, 60)], 60);
    const angles = sampleCircle(density, 40_000, randomSource(3));
    expect(Math.min(...angles)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...angles)).toBeLessThan(2 * Math.PI);
    const drawn = momentsOfAngles(angles, 4);
    // A standard error of at most 1/√40000 = 0.005 each; eight numbers, four of them.
    for (const part of ["re", "im"] as const)
      drawn[part].forEach((value, j) => {
        expect(Math.abs(value - density[part][j])).toBeLessThan(0.02);
      });
  });

  it("are refused where moments are not those of a density, or there are none", () => {
    expect(() => sampleCircle({ re: [0.9], im: [0] }, 5, randomSource(1))).toThrow("density: negative somewhere.");
    expect(() => sampleCircle({ re: [0], im: [0] }, 0, randomSource(1))).toThrow("n: 0.");
  });
});

describe("propagation of chaos", () => {
  it("holds with noise too: W1 falls as n^{−1/2} to the Fokker–Planck density, and to no other", async () => {
    const start = momentsOfWrappedNormal(0, 1, 48);
    const common = { dynamics: "usa", beta: 1, start, modes: 48, times: [0, 0.6], copies: 16, firstSeed: 1 } as const;
    const at = (n: number) => particleDistances({ ...common, kappa: 2, step: 0.02, n });
    const [few, many] = [await at(60), await at(960)];
    const slope = Math.log(many.w1[1] / few.w1[1]) / Math.log(16);
    // Each mean of 16 distances that scatter by a third has an error of 8 %: 0.043 in the slope; three of them.
    expect(Math.abs(slope + 0.5)).toBeLessThan(0.13);
    expect(many.w1Error[1]! / many.w1[1]).toBeLessThan(0.2);
    // Without noise the density would be another: tokens with noise stay away from it.
    const { states } = await particleDistances({ ...common, n: 1, copies: 1 });
    expect(Math.abs(states[1].re[0] - many.states[1].re[0])).toBeGreaterThan(0.1);
  });

  it("has noise that is independent of the draw", () => {
    for (const seed of [0, 1, 2, 4_294_967_295]) {
      expect(noiseSeed(seed)).not.toBe(seed);
      expect(Number.isInteger(noiseSeed(seed)) && noiseSeed(seed) >= 0 && noiseSeed(seed) < 2 ** 32).toBe(true);
    }
    expect(new Set([1, 2, 3].map(noiseSeed)).size).toBe(3);
  });
});
