import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { resolvePolicy } from "../../probes/policy/policy.ts";
import { probeLayer, probeLayerWith } from "../../probes/probe-layer.ts";
import { type GramEngine, gramPairs, openGramEngine } from "../../probes/products/gram-engine.ts";
import { squaredNorms, unpackGram } from "../../probes/products/gram-matrix.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { gaussianCloud } from "./clouds.ts";

describe("the Gram engine", () => {
  let engine: GramEngine;
  beforeAll(async () => {
    engine = await openGramEngine(1);
  });
  afterAll(() => engine.close());

  it.each([
    [2, 1],
    [3, 70],
    [65, 33],
  ])("gives the Gram matrix of the TypeScript kernel, for any size (%d tokens, %d wide)", async (n, d) => {
    const cloud = gaussianCloud(n, d);
    const expected = unpackGram(innerProducts(cloud, false), squaredNorms(cloud));
    const gram = await engine.gram(cloud);
    expect(gram.length).toBe(n * n);
    // Sums of d ≤ 70 products of order 1 in another order.
    gram.forEach((g, p) => {
      expect(Math.abs(g - expected[p])).toBeLessThan(1e-13);
    });
  });

  it.each([2, 160, 161, 347])(
    "gives the pairs of %d tokens, stretch by stretch, cut to [−1, 1] where that is asked",
    async (n) => {
      const cloud = gaussianCloud(n, 6);
      const expected = innerProducts(cloud, false);
      const pairs = await gramPairs(engine, cloud, false);
      expect(pairs.length).toBe(expected.length);
      // Six products of order 10.
      expect(pairs.every((value, p) => Math.abs(value - expected[p]) < 1e-13)).toBe(true);
      const cut = await gramPairs(engine, cloud, true);
      expect(cut.every((value, p) => value === Math.min(1, Math.max(-1, pairs[p])))).toBe(true);
    },
  );

  it.each(["l2", "layernorm"] as const)(
    "measures the same numbers, on either side of n = d, under %s",
    async (normalize) => {
      const policy = resolvePolicy({ normalize });
      for (const [n, d] of [
        [9, 20],
        [20, 9],
      ]) {
        const x = Float32Array.from(gaussianCloud(n, d).x);
        const mask = new Uint8Array(n).fill(1);
        const states: HiddenStates = { batch: 1, n, d, layers: [{ layer: 0, x }], mask, special: null, tokens: null };
        const slow = probeLayer(states, 0, 0, { policy });
        const fast = await probeLayerWith(engine, states, 0, 0, { policy });
        expect([fast.indices, fast.policy, fast.histogram.total]).toEqual([
          slow.indices,
          slow.policy,
          slow.histogram.total,
        ]);
        expect(fast.measures.map(({ measure }) => measure)).toEqual(slow.measures.map(({ measure }) => measure));
        fast.measures.forEach(({ measure, value }, k) => {
          // The Gram matrices differ by rounding; ranks and skew multiply it by a hundred at most.
          expect(Math.abs(value - slow.measures[k].value), measure).toBeLessThan(1e-11 * Math.max(1, Math.abs(value)));
        });
      }
    },
  );
});
