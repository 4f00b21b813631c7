import { randomNormal } from "d3-random";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { circleFlow } from "../../sim/mean-field/circle-flow.ts";
import { type CircleMoments, momentsOfWrappedNormal } from "../../sim/mean-field/circle-moments.ts";
import { circleW1 } from "../../sim/mean-field/circle-w1.ts";
import { record } from "./cases.ts";

const UNIFORM = { re: [], im: [] };

/** One cell of the default rule. */
const CELL = (2 * Math.PI) / 20_000;

describe("W1 on the circle between tokens and a density", () => {
  it("of n evenly spaced tokens from the uniform density is a quarter of their distance", () => {
    for (const n of [1, 2, 5, 40]) {
      const angles = Array.from({ length: n }, (_, j) => 0.3 + (2 * Math.PI * j) / n);
      // Each token serves the arc of 2π/n about it, whose mean distance is a quarter of its length.
      expect(Math.abs(circleW1(angles, UNIFORM) - Math.PI / 2 / n)).toBeLessThan(2 * CELL);
    }
  });

  it("is the way between two narrow laws, the shorter way round", () => {
    const narrow = (mean: number) => momentsOfWrappedNormal(mean, 0.05, 200);
    for (const [token, mean, way] of [
      [0.5, 1.5, 1],
      [0.2, 2 * Math.PI - 0.5, 0.7],
      [-0.2, 0.5, 0.7],
      [4, 1, 3],
    ]) {
      // All of a law that narrow lies on one side, so that its mean decides.
      expect(Math.abs(circleW1([token], narrow(mean)) - way)).toBeLessThan(2 * CELL);
    }
  });

  it("does not see turns of the circle", () => {
    const density = momentsOfWrappedNormal(1, 0.4, 60);
    const angles = [0.3, 0.9, 1.1, 2];
    const turned = angles.map((a, j) => a + 2 * Math.PI * (j - 2));
    // Reduction of angles by turns rounds.
    expect(Math.abs(circleW1(angles, density) - circleW1(turned, density))).toBeLessThan(CELL);
  });
});

describe("propagation of chaos", () => {
  it("random tokens under SA stay as near to the density as n^{−1/2} lets them", async () => {
    const start = momentsOfWrappedNormal(0, 1, 48);
    const [density] = await circleFlow({ dynamics: "sa", beta: 2, start, modes: 48, times: [0.8], tolerance: 1e-7 });
    expect(density.tail).toBeLessThan(1e-4);
    const sizes = [50, 200, 800];
    const distances: number[] = [];
    const toStart: number[] = [];
    for (const n of sizes) {
      const systems = Array.from({ length: 24 }, (_, s) => {
        const normal = randomNormal.source(randomSource(100 * n + s))();
        const angles = Array.from({ length: n }, normal);
        return { beta: 2, x0: Float64Array.from(angles.flatMap((a) => [Math.cos(a), Math.sin(a)])) };
      });
      const { clouds } = await record({ dynamics: "sa", n, d: 2, systems, times: [0.8], rtol: 1e-6, atol: 1e-6 });
      const angles = clouds.map(([{ x }]) => Array.from({ length: n }, (_, j) => Math.atan2(x[2 * j + 1], x[2 * j])));
      const mean = (law: CircleMoments) => angles.reduce((sum, a) => sum + circleW1(a, law, 2000), 0) / angles.length;
      distances.push(mean(density));
      toStart.push(mean(start));
    }
    const slope = Math.log(distances[2] / distances[0]) / Math.log(sizes[2] / sizes[0]);
    // Each mean of 24 distances that scatter by a third has an error of 7 %: 0.036 in the slope; three of them, and the bias
    // of a finite n.
    expect(Math.abs(slope + 0.5)).toBeLessThan(0.15);
    // The wrong density, that of the start, stays away.
    expect(toStart[2]).toBeGreaterThan(3 * distances[2]);
  });
});
