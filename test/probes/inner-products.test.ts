import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { normalizeCloud } from "../../probes/policy/normalize-cloud.ts";
import { packGram, squaredNorms, unpackGram } from "../../probes/products/gram-matrix.ts";
import { innerProducts, innerProductsNaive, pairCount } from "../../probes/products/inner-products.ts";
import { innerProductsAcross, innerProductsBetween } from "../../probes/products/inner-products-across.ts";
import { gaussianCloud } from "./clouds.ts";

describe("innerProducts", () => {
  it("equals the definition for every size, to the last bit: each sum runs in the same order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 17 }), fc.nat(), (n, d, seed) => {
        const cloud = gaussianCloud(n, d, randomSource(seed));
        const expected = new Float64Array(pairCount(n));
        innerProductsNaive(cloud.x, n, d, expected);
        expect(innerProducts(cloud, false)).toEqual(expected);
      }),
    );
  });

  it("lists pairs i < j row by row", () => {
    const cloud = { n: 4, d: 1, x: Float64Array.from([2, 3, 5, 7]) };
    expect(Array.from(innerProducts(cloud, false))).toEqual([6, 10, 14, 15, 21, 35]);
  });

  it("sums float32 states in float64", () => {
    // 1 + 2⁻³⁰ needs 31 bits: float32 sums would lose the second term.
    const cloud = { n: 2, d: 2, x: Float32Array.from([1, 2 ** -15, 1, 2 ** -15]) };
    expect(innerProducts(cloud, false)[0]).toBe(1 + 2 ** -30);
  });

  it("never leaves [−1, 1] when clamped, even for parallel and opposite vectors", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 9, noNaN: true }), { minLength: 2, maxLength: 9 }), (v) => {
        const x = Float64Array.from([...v, ...v.map((a) => 3 * a), ...v.map((a) => -a / 7)]);
        const [same, opposite] = innerProducts(normalizeCloud({ n: 3, d: v.length, x }, "l2"), true);
        expect(same).toBeLessThanOrEqual(1);
        expect(same).toBeGreaterThan(1 - 1e-14); // nine products of rounded unit vectors
        expect(opposite).toBeGreaterThanOrEqual(-1);
      }),
    );
  });

  it("packs and unpacks a Gram matrix", () => {
    const cloud = gaussianCloud(7, 3);
    const gram = unpackGram(innerProducts(cloud, false), squaredNorms(cloud));
    expect(packGram(gram, 7)).toEqual(innerProducts(cloud, false));
    for (let i = 0; i < 7; i++) for (let j = 0; j < 7; j++) expect(gram[i * 7 + j]).toBe(gram[j * 7 + i]);
  });
});

describe("inner products across texts", () => {
  const a = gaussianCloud(3, 4, randomSource(1));
  const b = gaussianCloud(2, 4, randomSource(2));

  it("are those between the halves of the joined cloud", () => {
    const joined = { n: 5, d: 4, x: Float64Array.from([...a.x, ...b.x]) };
    const gram = unpackGram(innerProducts(joined, false), squaredNorms(joined));
    const block = [0, 1, 2].flatMap((i) => [3, 4].map((j) => gram[i * 5 + j]));
    expect(Array.from(innerProductsAcross(a, b, false))).toEqual(block);
  });

  it("take every two different texts once", () => {
    const values = innerProductsBetween([a, b, a], false);
    expect(values.length).toBe(3 * 2 + 3 * 3 + 2 * 3);
    expect(values.subarray(0, 6)).toEqual(innerProductsAcross(a, b, false));
    expect(values.subarray(15)).toEqual(innerProductsAcross(b, a, false));
  });

  it("refuse texts of different width", () => {
    const other = gaussianCloud(2, 5);
    expect(() => innerProductsAcross(a, other, true)).toThrow(expect.objectContaining({ kind: "input" }));
  });
});
