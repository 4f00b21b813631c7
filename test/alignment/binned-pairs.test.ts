import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { wasserstein1Weighted } from "../../probes/numerics/wasserstein1.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { binEdges, binNumbers, binWidths, distances, drawnPairs } from "../../src/alignment/binned-pairs.ts";

const N = 9;

/** Weight m_i m_j of every pair i < j. */
function pairWeights(m: Float64Array): Float64Array {
  return Float64Array.from([...m].flatMap((mi, i) => [...m.subarray(i + 1)].map((mj) => mi * mj)));
}

const resamples = fc.record({
  seed: fc.nat(1e6),
  d: fc.integer({ min: 2, max: 8 }),
  m: fc
    .array(fc.integer({ min: 0, max: 3 }), { minLength: N, maxLength: N })
    .filter((counts) => counts.filter((c) => c > 0).length > 1),
});

describe("binned pairs", () => {
  it("give the W1 of weighted pairs up to the width of a bin", () => {
    fc.assert(
      fc.property(resamples, ({ seed, d, m }) => {
        const random = randomSource(seed);
        const [a, b] = [uniformCloud(N, d, random), uniformCloud(N, d, random)].map((c) => innerProducts(c, true));
        const edges = binEdges([a, b]);
        // Draws side by side, one more than fit into four places.
        const draws = [m, m.map(() => 1), m.toReversed(), m.map((count) => count + 1), m].map((one) =>
          Float64Array.from(one),
        );
        const drawn = drawnPairs(draws);
        const [fa, fb] = [a, b].map((values) => drawn.cumulative(binNumbers(values, edges)));
        const found = distances(fa, fb, drawn, binWidths(edges));
        expect(found).toHaveLength(draws.length);
        for (const [r, weights] of draws.entries()) {
          const exact = wasserstein1Weighted(a, pairWeights(weights), b, pairWeights(weights));
          // A value moves by less than the widest bin, 2 / 256, on each side.
          expect(Math.abs(found[r] - exact)).toBeLessThan(4 / 256);
        }
      }),
    );
  });

  it("have rising edges from −1 to 1 and widths that fill the range", () => {
    const values = innerProducts(uniformCloud(N, 4, randomSource(1)), true);
    const edges = binEdges([values]);
    expect([edges[0], edges[edges.length - 1]]).toEqual([-1, 1]);
    expect(edges.every((e, i) => i === 0 || e >= edges[i - 1])).toBe(true);
    expect(binWidths(edges).reduce((a, b) => a + b, 0)).toBeCloseTo(2, 12);
  });

  it("put every value into a bin that holds it, the ends included", () => {
    const values = Float64Array.of(-1, -0.3, 0, 0.99, 1);
    const edges = binEdges([values]);
    binNumbers(values, edges).forEach((bin, i) => {
      expect(edges[bin]).toBeLessThanOrEqual(values[i]);
      expect(edges[bin + 1]).toBeGreaterThanOrEqual(values[i]);
    });
  });

  it("do not count the pairs of a token that was not drawn", () => {
    const values = innerProducts(uniformCloud(N, 4, randomSource(2)), true);
    const without = innerProducts({ n: N - 1, d: 4, x: uniformCloud(N, 4, randomSource(2)).x.subarray(4) }, true);
    const edges = binEdges([values]);
    const m = Float64Array.from({ length: N }, (_, i) => (i === 0 ? 0 : 1));
    const counted = drawnPairs([m]);
    const alone = drawnPairs([new Float64Array(N - 1).fill(1)]);
    expect(counted.cumulative(binNumbers(values, edges))).toEqual(alone.cumulative(binNumbers(without, edges)));
    expect(counted.totals).toEqual(alone.totals);
  });
});
