import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { normalizeCloud } from "../../probes/policy/normalize-cloud.ts";
import { eachProduct } from "../../probes/products/fast-products.ts";
import { packGram, squaredNorms, unpackGram } from "../../probes/products/gram-matrix.ts";
import {
  innerProducts,
  innerProductsNaive,
  innerProductsTiled,
  pairCount,
} from "../../probes/products/inner-products.ts";
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

describe("products of many tokens", () => {
  // Sizes on each side of a tile of 3 × 4, of a panel of 24 rows, of even widths and of a pass of 512 coordinates.
  it.each([
    [23, 96],
    [24, 97],
    [25, 320],
    [29, 511],
    [26, 513],
    [73, 1031],
    [40, 2048],
  ])("of %i tokens of width %i are those of the definition, and so are those in tiles", (n, d) => {
    const { x } = gaussianCloud(n, d, randomSource(n));
    const [expected, tiled] = [new Float64Array(pairCount(n)), new Float64Array(pairCount(n))];
    innerProductsNaive(x, n, d, expected);
    innerProductsTiled(x, n, d, tiled);
    expect(tiled).toEqual(expected);
    const products = innerProducts({ n, d, x }, false);
    // Two sums of d/2 terms of order 1 in the place of one: their rounding is some ε √d of the terms' sum of squares.
    products.forEach((value, p) => {
      expect(Math.abs(value - expected[p])).toBeLessThan(1e-15 * d);
    });
  });

  it("do not depend on what else is multiplied, to the last bit", () => {
    const { x } = gaussianCloud(61, 401, randomSource(3));
    const all = innerProducts({ n: 61, d: 401, x }, false);
    const some = innerProducts({ n: 50, d: 401, x: x.slice(11 * 401) }, false);
    expect(some).toEqual(all.slice(pairCount(61) - pairCount(50)));
  });

  it("come once each where no row is longer than a pass, and after a larger call leave nothing behind", () => {
    innerProducts(gaussianCloud(90, 300, randomSource(4)), false);
    const [a, b] = [gaussianCloud(5, 7, randomSource(5)).x, gaussianCloud(6, 7, randomSource(6)).x];
    const out = new Float64Array(30).fill(Number.NaN);
    eachProduct({ x: a, n: 5 }, { x: b, n: 6 }, 7, false, (i, j, count, values, from, more) => {
      expect([j, count, more]).toEqual([0, 6, false]);
      out.set(values.subarray(from, from + count), 6 * i);
    });
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 6; j++) {
        let s = 0;
        for (let k = 0; k < 7; k++) s += a[7 * i + k] * b[7 * j + k];
        expect(out[6 * i + j]).toBeCloseTo(s, 12);
      }
    }
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
