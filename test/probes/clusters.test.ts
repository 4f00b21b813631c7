import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { clusterCurve, defaultThresholds } from "../../probes/clusters/cluster-curve.ts";
import { connectedComponents } from "../../probes/clusters/clusters.ts";
import { isotropicCloud } from "../../probes/floors/isotropic-cloud.ts";
import { maximumSpanningTree } from "../../probes/numerics/maximum-spanning-tree.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { axisClusters, equiangularCloud } from "./clouds.ts";

const clouds = fc
  .tuple(fc.integer({ min: 2, max: 25 }), fc.integer({ min: 2, max: 4 }), fc.nat())
  .map(([n, d, seed]) => isotropicCloud(n, d, randomSource(seed)));

/** Components and largest fraction at one threshold, straight from the labels. */
function direct(pairs: Float64Array, n: number, threshold: number) {
  const sizes: number[] = [];
  for (const label of connectedComponents(pairs, n, threshold)) sizes[label] = (sizes[label] ?? 0) + 1;
  return { threshold, clusters: sizes.length, largest: Math.max(...sizes) / n };
}

describe("connectedComponents", () => {
  it("finds the clusters of tokens on different axes, numbered by first token", () => {
    const cloud = axisClusters([2, 1, 3]);
    expect(Array.from(connectedComponents(innerProducts(cloud, true), 6, 0.5))).toEqual([0, 0, 1, 2, 2, 2]);
  });

  it("joins through a chain of neighbours", () => {
    const angles = [0, 1.2, 0.4, 0.8];
    const x = Float64Array.from(angles.flatMap((a) => [Math.cos(a), Math.sin(a)]));
    const pairs = innerProducts({ n: 4, d: 2, x }, true);
    expect(new Set(connectedComponents(pairs, 4, Math.cos(0.41))).size).toBe(1);
    expect(new Set(connectedComponents(pairs, 4, Math.cos(0.39))).size).toBe(4);
  });
});

describe("the cluster curve", () => {
  it("equals the components counted afresh at every threshold, in the order asked", () => {
    fc.assert(
      fc.property(clouds, (cloud) => {
        const pairs = innerProducts(cloud, true);
        // Thresholds at the products themselves too: an edge must exceed the threshold, not meet it.
        const thresholds = [...defaultThresholds, ...pairs.subarray(0, 5), -1];
        expect(clusterCurve(pairs, cloud.n, thresholds)).toEqual(thresholds.map((t) => direct(pairs, cloud.n, t)));
      }),
    );
  });

  it("drops from n clusters to one at the angle of an equiangular cloud", () => {
    const pairs = innerProducts(equiangularCloud(6, 0.7), true);
    expect(clusterCurve(pairs, 6, [0.71, 0.69])).toEqual([
      { threshold: 0.71, clusters: 6, largest: 1 / 6 },
      { threshold: 0.69, clusters: 1, largest: 1 },
    ]);
  });

  it("of one token is one cluster", () => {
    expect(clusterCurve([], 1, [0.9])).toEqual([{ threshold: 0.9, clusters: 1, largest: 1 }]);
  });
});

describe("maximumSpanningTree", () => {
  it("weighs as much as the tree that Kruskal's method finds, and spans", () => {
    fc.assert(
      fc.property(clouds, ({ n, d, x }) => {
        const pairs = innerProducts({ n, d, x }, true);
        const tree = maximumSpanningTree(pairs, n);
        const heights = Array.from(tree.weight);
        const kruskal = [...new Set(pairs)]
          .sort((a, b) => b - a)
          .filter((w) => direct(pairs, n, w).clusters > direct(pairs, n, w - 1e-15).clusters);
        expect(heights).toEqual(kruskal);
        expect(new Set([...tree.from, ...tree.to]).size).toBe(n);
      }),
      { numRuns: 30 },
    );
  });
});
