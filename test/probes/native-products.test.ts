import { describe, expect, it } from "vitest";
import { openSyncSession } from "../../models/onnx/sync-session.ts";
import { randomSource } from "../../models/random.ts";
import { gramGraph } from "../../probes/products/gram-graph.ts";
import { innerProducts, innerProductsNaive, pairCount } from "../../probes/products/inner-products.ts";
import { isLarge } from "../../probes/products/native-products.ts";
import { rowProducts } from "../../probes/products/row-products.ts";
import { gaussianCloud } from "./clouds.ts";

describe("products by ONNX Runtime", () => {
  it("are made from two million multiplications on, no sooner", () => {
    expect(isLarge(2_000_000)).toBe(true);
    expect(isLarge(1_999_999)).toBe(false);
  });

  it("are left to WebAssembly where the runtime does not take the graph", () => {
    expect(openSyncSession(Uint8Array.of(1, 2, 3))).toBeNull();
    expect(openSyncSession(gramGraph())).not.toBeNull();
  });

  // Several stretches of rows, the last one short.
  it.each([
    [343, 19],
    [1443, 1],
    [160, 79],
    [320, 21],
    [127, 125],
  ])("equal the definition for pairs of %i tokens of width %i to rounding", (n, d) => {
    const cloud = gaussianCloud(n, d, randomSource(n));
    expect(isLarge(n * n * d)).toBe(true);
    const expected = new Float64Array(pairCount(n));
    innerProductsNaive(cloud.x, n, d, expected);
    expect(furthest(innerProducts(cloud, false), expected)).toBeLessThan(1e-12);
  });

  it("equal the definition for two clouds", () => {
    const [n, m, d] = [700, 1024, 3];
    const [a, b] = [gaussianCloud(n, d, randomSource(1)).x, gaussianCloud(m, d, randomSource(2)).x];
    const expected = new Float64Array(n * m);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) for (let k = 0; k < d; k++) expected[i * m + j] += a[i * d + k] * b[j * d + k];
    }
    expect(furthest(rowProducts(a, b, n, m, d), expected)).toBeLessThan(1e-12);
  });

  it("leave what is not asked for alone: a larger array's first rows are multiplied", () => {
    const { x } = gaussianCloud(400, 20, randomSource(3));
    const expected = new Float64Array(pairCount(330));
    innerProductsNaive(x, 330, 20, expected);
    expect(furthest(innerProducts({ n: 330, d: 20, x }, false), expected)).toBeLessThan(1e-12);
  });
});

function furthest(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, p) => Math.max(most, Math.abs(value - b[p])), 0);
}
