import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { symmetricEigenvalues } from "../../probes/numerics/symmetric-eigenvalues.ts";
import { squaredNorms, unpackGram } from "../../probes/products/gram-matrix.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { gaussianCloud } from "./clouds.ts";

function reference(a: Float64Array, n: number): readonly number[] {
  const { realEigenvalues } = new EigenvalueDecomposition(Matrix.from1DArray(n, n, Array.from(a)), {
    assumeSymmetric: true,
  });
  return realEigenvalues.sort((p, q) => q - p);
}

function expectEqual(values: Float64Array, expected: readonly number[], n: number): void {
  const scale = Math.max(...expected.map(Math.abs), Number.MIN_VALUE);
  expect(values.length).toBe(expected.length);
  // Both are backward stable: an error of a small multiple of √n ε times the largest eigenvalue.
  values.forEach((v, k) => {
    expect(Math.abs(v - expected[k])).toBeLessThanOrEqual(20 * Math.sqrt(n) * Number.EPSILON * scale);
  });
}

/** Symmetric, entries Gaussian. */
function randomSymmetric(n: number, seed: number): Float64Array {
  const { x } = gaussianCloud(n, n, randomSource(seed));
  return x.map((v, p) => v + x[(p % n) * n + Math.floor(p / n)]);
}

function randomGram(n: number, d: number, seed: number): Float64Array {
  const cloud = gaussianCloud(n, d, randomSource(seed));
  return unpackGram(innerProducts(cloud, false), squaredNorms(cloud));
}

describe("symmetricEigenvalues", () => {
  it("agree with another solver on random symmetric matrices", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), (n, seed) => {
        const a = randomSymmetric(n, seed);
        expectEqual(symmetricEigenvalues(a, n), reference(a, n), n);
      }),
    );
  });

  it("agree on rank-deficient matrices, where all but d values are rounding", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 1, max: 3 }), fc.nat(), (n, d, seed) => {
        const a = randomGram(n, d, seed);
        expectEqual(symmetricEigenvalues(a, n), reference(a, n), n);
      }),
    );
  });

  it("know a matrix whose eigenvalues coincide: all ones plus a multiple of the identity", () => {
    const n = 40;
    const a = Float64Array.from({ length: n * n }, (_, p) => (p % (n + 1) === 0 ? 3 : 1));
    expectEqual(symmetricEigenvalues(a, n), [n + 2, ...new Array<number>(n - 1).fill(2)], n);
  });

  it("know the second difference matrix: 2 − 2 cos(kπ/(n + 1))", () => {
    const n = 50;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      a[i * n + i] = 2;
      if (i + 1 < n) a[i * n + i + 1] = -1;
    }
    const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((n - k) * Math.PI) / (n + 1)));
    expectEqual(symmetricEigenvalues(a, n), expected, n);
  });

  it("give the entry of a 1 × 1 matrix, zeros for zeros, and nothing for nothing", () => {
    expect(Array.from(symmetricEigenvalues(Float64Array.of(-7), 1))).toEqual([-7]);
    expect(Array.from(symmetricEigenvalues(new Float64Array(9), 3))).toEqual([0, 0, 0]);
    expect(symmetricEigenvalues(new Float64Array(0), 0).length).toBe(0);
  });

  it.each([1e-200, 1e-9, 1e9, 1e200])("scale with the matrix, by %d as well", (factor) => {
    const a = randomSymmetric(12, 5);
    const scaled = symmetricEigenvalues(
      a.map((v) => v * factor),
      12,
    );
    expectEqual(
      scaled.map((v) => v / factor),
      Array.from(symmetricEigenvalues(a, 12)),
      12,
    );
  });

  it("keep trace and Frobenius norm at the size of a text, without changing the matrix", () => {
    const n = 300;
    const a = randomSymmetric(n, 9);
    const before = a.slice();
    const values = symmetricEigenvalues(a, n);
    expect(a).toEqual(before);
    const frobenius = a.reduce((s, v) => s + v * v, 0);
    let trace = 0;
    for (let i = 0; i < n; i++) trace += a[i * n + i];
    // Sums of 300 values of order 30 and of their squares, each good to a few ε of the largest.
    expect(Math.abs(values.reduce((s, v) => s + v, 0) - trace)).toBeLessThan(1e-10);
    expect(values.reduce((s, v) => s + v * v, 0) / frobenius).toBeCloseTo(1, 12);
  });

  it("refuse a matrix that holds NaN, which is our fault and not the user's", () => {
    expect(() => symmetricEigenvalues(Float64Array.of(Number.NaN), 1)).toThrow(/not finite/);
    expect(() => symmetricEigenvalues(Float64Array.of(1, 0, 0, Number.NaN), 2)).toThrow(/not finite/);
  });
});
