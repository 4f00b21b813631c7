import fc from "fast-check";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { normalizeCloud } from "../../probes/policy/normalize-cloud.ts";
import {
  effectiveRank,
  effectiveRankOfEigenvalues,
  isoscore,
  participationRatio,
  spectrum,
} from "../../probes/spectrum/spectrum.ts";
import { axisClusters, equiangularCloud, gaussianCloud } from "./clouds.ts";

describe("the spectrum", () => {
  it("holds the squared singular values of the cloud, from either side", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.nat(), (n, d, seed) => {
        const cloud = gaussianCloud(n, d, randomSource(seed));
        const svd = new SingularValueDecomposition(Matrix.from1DArray(n, d, Array.from(cloud.x)), {
          autoTranspose: true,
        });
        const values = spectrum(cloud);
        expect(values.length).toBe(Math.min(n, d));
        // Forming the Gram matrix costs a few ε of the largest eigenvalue.
        values.forEach((v, k) => {
          expect(Math.abs(v - svd.diagonal[k] ** 2)).toBeLessThan(1e-13 * values[0]);
        });
      }),
    );
  });

  it("of m equal clusters of tokens on orthogonal axes has every rank m", () => {
    for (const m of [1, 2, 5]) {
      const values = spectrum(axisClusters(new Array<number>(m).fill(3), 8));
      // Entropies and sums of m equal numbers, each good to a few ε.
      expect(effectiveRank(values)).toBeCloseTo(m, 13);
      expect(effectiveRankOfEigenvalues(values)).toBeCloseTo(m, 13);
      expect(participationRatio(values)).toBeCloseTo(m, 13);
    }
  });

  it("of coinciding tokens has rank 1 exactly, not 1 and the rounding of the others", () => {
    const { x } = normalizeCloud(gaussianCloud(1, 64, randomSource(4)), "l2");
    const copies = { n: 50, d: 64, x: Float64Array.from({ length: 50 * 64 }, (_, p) => x[p % 64]) };
    expect(effectiveRank(spectrum(copies))).toBe(1);
  });

  it("of an equiangular cloud is 1 + (n − 1)ρ once and 1 − ρ otherwise", () => {
    const [n, rho] = [9, 0.3];
    const values = spectrum(equiangularCloud(n, rho));
    values.forEach((v, k) => {
      expect(v).toBeCloseTo(k === 0 ? 1 + (n - 1) * rho : 1 - rho, 13); // a few ε of 3.4
    });
    expect(participationRatio(values)).toBeCloseTo(n / (1 + (n - 1) * rho ** 2), 12);
  });

  it("orders the ranks: 1 ≤ participation ≤ entropy of eigenvalues ≤ entropy of singular values ≤ min(n, d)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 12 }), fc.nat(), (n, d, seed) => {
        const values = spectrum(normalizeCloud(gaussianCloud(n, d, randomSource(seed), 1), "l2"));
        const ranks = [1, participationRatio, effectiveRankOfEigenvalues, effectiveRank, Math.min(n, d)].map((f) =>
          typeof f === "number" ? f : (f(values) ?? Number.NaN),
        );
        for (let k = 0; k + 1 < ranks.length; k++) expect(ranks[k]).toBeLessThan(ranks[k + 1] + 1e-12); // rounding
      }),
    );
  });

  it("follows Roy and Vetterli: singular values 3 and 1 have entropy ln 4 − ¾ ln 3", () => {
    expect(effectiveRank(Float64Array.of(9, 1))).toBeCloseTo(4 / 3 ** 0.75, 14); // one exponential
  });

  it("has an IsoScore between 0 for one direction and 1 for all of them", () => {
    expect(isoscore(1, 8)).toBe(0);
    expect(isoscore(8, 8)).toBe(1);
    expect(isoscore(1, 1)).toBeNull();
  });

  it("has no rank where there is nothing", () => {
    const zeros = new Float64Array(3);
    expect([effectiveRank(zeros), effectiveRankOfEigenvalues(zeros), participationRatio(zeros)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
