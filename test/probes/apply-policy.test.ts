import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { applyPolicy } from "../../probes/policy/apply-policy.ts";
import { meanVector } from "../../probes/policy/center-cloud.ts";
import { type Policy, resolvePolicy } from "../../probes/policy/policy.ts";
import { tokenNorms } from "../../probes/products/norms.ts";
import { principalDirections } from "../../probes/spectrum/principal-directions.ts";
import { spectrum } from "../../probes/spectrum/spectrum.ts";
import { axisClusters, gaussianCloud, scale } from "./clouds.ts";

const raw = (center: Policy["center"]) => resolvePolicy({ normalize: "none", center });

function toMatrix({ n, d, x }: Cloud): Matrix {
  return Matrix.from1DArray(n, d, Array.from(x));
}

/** Largest difference of two arrays. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((max, v, k) => Math.max(max, Math.abs(v - b[k])), 0);
}

describe("applyPolicy", () => {
  it("leaves the cloud that it was given as it was", () => {
    const cloud = gaussianCloud(5, 3);
    const before = cloud.x.slice();
    for (const center of ["none", "mean", "abtt:1"] as const) applyPolicy(cloud, resolvePolicy({ center }));
    expect(cloud.x).toEqual(before);
  });

  it("brings every token to length 1 under l2, whatever the scale", () => {
    for (const factor of [1e-9, 1, 1e9]) {
      const norms = tokenNorms(applyPolicy(scale(gaussianCloud(20, 7), factor), resolvePolicy()));
      // A square root, a division and seven products: a few ε.
      for (const norm of norms) expect(Math.abs(norm - 1)).toBeLessThan(1e-15);
    }
  });

  it("brings every token to mean 0 and variance 1 under layernorm", () => {
    const { n, d, x } = applyPolicy(gaussianCloud(6, 8), resolvePolicy({ normalize: "layernorm" }));
    for (let i = 0; i < n; i++) {
      const row = x.subarray(i * d, (i + 1) * d);
      // Eight sums of numbers of order 1.
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 14);
      expect(row.reduce((a, b) => a + b * b, 0) / d).toBeCloseTo(1, 14);
    }
  });

  it("finds no direction in a constant token under layernorm, though rounding leaves one", () => {
    const cloud = { n: 1, d: 3, x: Float64Array.from([0.1, 0.1, 0.1]) };
    expect(() => applyPolicy(cloud, resolvePolicy({ normalize: "layernorm" }))).toThrow(/token 0: a zero vector/);
  });

  it("finds no direction in tokens that coincide with the mean, though rounding leaves one", () => {
    const cloud = { n: 3, d: 2, x: Float64Array.from([0.1, 0.7, 0.1, 0.7, 0.1, 0.7]) };
    expect(() => applyPolicy(cloud, resolvePolicy({ center: "mean" }))).toThrow(/token 0: a zero vector/);
  });

  it("takes the mean away before it normalizes", () => {
    const centered = applyPolicy(gaussianCloud(30, 5, randomSource(1), 3), raw("mean"));
    // Thirty numbers of order 3, each rounded to 3ε.
    for (const m of meanVector(centered)) expect(Math.abs(m)).toBeLessThan(1e-14);
  });

  it.each([
    [40, 6],
    [6, 40],
    [12, 12],
  ])("removes the same principal directions as a singular value decomposition (%d tokens, %d wide)", (n, d) => {
    const cloud = gaussianCloud(n, d, randomSource(2), 2);
    const centered = applyPolicy(cloud, raw("mean"));
    const svd = new SingularValueDecomposition(toMatrix(centered), { autoTranspose: true });
    const V = svd.rightSingularVectors.subMatrix(0, d - 1, 0, 2);
    const expected = Matrix.sub(toMatrix(centered), toMatrix(centered).mmul(V).mmul(V.transpose()));
    const removed = applyPolicy(cloud, raw("abtt:3"));
    // Directions are good to ε over the relative gap of the squared singular values, a few percent here.
    expect(distance(removed.x, expected.to1DArray())).toBeLessThan(1e-11);
  });

  it("leaves the rest of the spectrum alone when it removes k directions", () => {
    const cloud = gaussianCloud(25, 10, randomSource(3), 1);
    const before = spectrum(applyPolicy(cloud, raw("mean")));
    const after = spectrum(applyPolicy(cloud, raw("abtt:2")));
    // Eigenvalues of order 30, exact to a few ε of the largest.
    expect(distance(after.subarray(0, 8), before.subarray(2))).toBeLessThan(1e-12);
    expect(Array.from(after.subarray(8))).toEqual([0, 0]);
  });

  it("finds orthonormal directions where eigenvalues coincide, and none beyond the rank", () => {
    const cloud = axisClusters([2, 2, 2, 2], 6);
    const directions = principalDirections(cloud, 6);
    expect(directions).toHaveLength(4);
    directions.forEach((u, i) => {
      directions.forEach((v, j) => {
        // Orthogonalized against those before it in float64.
        expect(u.reduce((s, a, k) => s + a * v[k], 0)).toBeCloseTo(i === j ? 1 : 0, 13);
      });
    });
  });

  it("refuses to remove all there is", () => {
    const apply = () => applyPolicy(gaussianCloud(4, 9), resolvePolicy({ center: "abtt:3" }));
    const message = "center abtt:3: nothing is left of 4 tokens in 9 dimensions. choose a smaller k";
    expect(apply).toThrow(expect.objectContaining({ kind: "input", message }));
  });
});
