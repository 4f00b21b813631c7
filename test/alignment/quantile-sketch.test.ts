import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { wasserstein1Sorted } from "../../probes/numerics/wasserstein1.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { measuredProducts, planSketch, type SketchPlan, sketch } from "../../src/alignment/quantile-sketch.ts";

type Points = ReturnType<typeof uniformCloud>;

function allTokens(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}

function sketchOf(plan: SketchPlan, cloud: Points): Float64Array {
  const out = new Float64Array(plan.weights.length);
  sketch(plan, cloud, out, 0);
  return out;
}

function distance(plan: SketchPlan, a: Points, b: Points): number {
  const [p, q] = [sketchOf(plan, a), sketchOf(plan, b)];
  return plan.weights.reduce((sum, weight, i) => sum + weight * Math.abs(p[i] - q[i]), 0);
}

function exactW1(a: Points, b: Points): number {
  return wasserstein1Sorted(innerProducts(a, true).sort(), innerProducts(b, true).sort());
}

const pairsOfClouds = fc
  .record({ n: fc.integer({ min: 2, max: 12 }), d: fc.integer({ min: 1, max: 6 }), seed: fc.nat(1e6) })
  .map(({ n, d, seed }) => {
    const random = randomSource(seed);
    return { n, a: uniformCloud(n, d, random), b: uniformCloud(n, d, random) };
  });

// Means and differences of at most 66 numbers within ±1: rounding stays below 1e-13.
const ROUNDING = 1e-13;

describe("a sketch of inner products", () => {
  it("gives W1 exactly where it has a block for every pair", () => {
    fc.assert(
      fc.property(pairsOfClouds, ({ n, a, b }) => {
        const plan = planSketch(allTokens(n), 1024);
        expect(Math.abs(distance(plan, a, b) - exactW1(a, b))).toBeLessThan(ROUNDING);
      }),
    );
  });

  it("gives a lower bound of W1 with fewer blocks, and no less than the difference of the means", () => {
    fc.assert(
      fc.property(pairsOfClouds, fc.integer({ min: 1, max: 20 }), ({ n, a, b }, blocks) => {
        const found = distance(planSketch(allTokens(n), blocks), a, b);
        const mean = (cloud: Points): number => {
          const values = innerProducts(cloud, true);
          return values.reduce((sum, v) => sum + v, 0) / values.length;
        };
        expect(found).toBeLessThanOrEqual(exactW1(a, b) + ROUNDING);
        expect(found).toBeGreaterThanOrEqual(Math.abs(mean(a) - mean(b)) - ROUNDING);
      }),
    );
  });

  it("sees no distance between equal clouds", () => {
    fc.assert(
      fc.property(pairsOfClouds, fc.integer({ min: 1, max: 20 }), ({ n, a }, blocks) => {
        expect(distance(planSketch(allTokens(n), blocks), a, { ...a, x: a.x.slice() })).toBe(0);
      }),
    );
  });

  it("shares all pairs out among its blocks", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 1500 }), (n, blocks) => {
        const { pairs, bounds, weights } = planSketch(allTokens(n), blocks);
        expect(pairs).toBe((n * (n - 1)) / 2);
        expect([bounds[0], bounds[bounds.length - 1]]).toEqual([0, pairs]);
        expect(weights.every((w) => w > 0)).toBe(true);
        // A sum of at most 1500 numbers that round to 1e-16 each.
        expect(Math.abs(weights.reduce((sum, w) => sum + w, 0) - 1)).toBeLessThan(1e-12);
      }),
    );
  });

  it("measures only the tokens that were chosen", () => {
    const cloud = uniformCloud(6, 3, randomSource(4));
    const chosen = [0, 2, 5];
    const few = { n: 3, d: 3, x: Float64Array.from(chosen.flatMap((i) => [...cloud.x.subarray(3 * i, 3 * i + 3)])) };
    expect(measuredProducts(planSketch(Int32Array.from(chosen), 10), cloud)).toEqual(innerProducts(few, true));
  });
});
