import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { isotropicCloud } from "../../probes/floors/isotropic-cloud.ts";
import { isotropicFloor } from "../../probes/floors/isotropic-floor.ts";
import { glprFigure1 } from "../../probes/glpr-figure1.ts";
import { productMeasures } from "../../probes/measures/product-measures.ts";
import { spectrumMeasures } from "../../probes/measures/spectrum-measures.ts";
import { applyPolicy } from "../../probes/policy/apply-policy.ts";
import { resolvePolicy } from "../../probes/policy/policy.ts";
import { probeAcross } from "../../probes/probe-across.ts";
import { type CloudProbe, type ProbeOptions, probeCloud } from "../../probes/probe-cloud.ts";
import { rangeEdges } from "../../probes/products/bin-edges.ts";
import { packGram, squaredNorms, unpackGram } from "../../probes/products/gram-matrix.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { axisClusters, equiangularCloud, gaussianCloud, randomRotation, reorder, rotate, scale } from "./clouds.ts";

/** Values by name, without the floors, which are measured elsewhere and cost most of the time. */
function values(cloud: Cloud, options: ProbeOptions = {}): Readonly<Record<string, number>> {
  const floor = isotropicFloor(cloud.n, cloud.d, { thresholds: [] });
  return byName(probeCloud(cloud, { floor, ...options }));
}

function byName({ measures }: CloudProbe): Readonly<Record<string, number>> {
  return Object.fromEntries(measures.map(({ measure, value }) => [measure, value]));
}

function expectSame(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>, tolerance: number): void {
  expect(Object.keys(a)).toEqual(Object.keys(b));
  for (const [name, value] of Object.entries(a)) {
    expect(Math.abs(value - b[name]), name).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
  }
}

const unit = (cloud: Cloud) => applyPolicy(cloud, resolvePolicy());

/** Inner products move by a few ε when their terms are rounded or summed otherwise; skew and ranks by some hundred. */
const rounding = 1e-11;

const shapes = fc.tuple(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 12 }), fc.nat());

describe("every measure of a cloud", () => {
  it("stays when the cloud is rotated", () => {
    fc.assert(
      fc.property(shapes, ([n, d, seed]) => {
        const random = randomSource(seed);
        const cloud = unit(gaussianCloud(n, d, random, 1));
        // What is of coordinates alone is not the same in others.
        const { top_coordinate_cosine: _, ...turned } = values(rotate(cloud, randomRotation(d, random)));
        const { top_coordinate_cosine: __, ...before } = values(cloud);
        expectSame(turned, before, rounding);
      }),
      { numRuns: 40 },
    );
  });

  it("stays when the tokens are put in another order", () => {
    fc.assert(
      fc.property(shapes, ([n, d, seed]) => {
        const cloud = unit(gaussianCloud(n, d, randomSource(seed), 1));
        const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => Math.sin(seed + i) - Math.sin(seed + j));
        expectSame(values(reorder(cloud, order)), values(cloud), rounding);
      }),
      { numRuns: 40 },
    );
  });

  it.each([1e-9, 1e9])("but the norms stays when the states are scaled by %d, and the norms scale", (factor) => {
    const raw = gaussianCloud(15, 6, randomSource(2), 1);
    const scaled = scale(raw, factor);
    expectSame(values(unit(scaled)), values(unit(raw)), rounding);
    const before = values(unit(raw), { raw });
    const after = values(unit(scaled), { raw: scaled });
    for (const name of ["norm_mean", "norm_sd", "norm_min", "norm_max"]) {
      expect(after[name] / factor / before[name]).toBeCloseTo(1, 13); // fifteen roundings
    }
  });

  it("stays when pairs come from elsewhere, such as a whole Gram matrix", () => {
    const cloud = unit(gaussianCloud(11, 5));
    const pairs = packGram(unpackGram(innerProducts(cloud, true), squaredNorms(cloud)), 11);
    expect(values(cloud, { pairs })).toEqual(values(cloud));
  });

  it("is a finite number with finite or null bounds and floor, around the value", () => {
    fc.assert(
      fc.property(shapes, ([n, d, seed]) => {
        const { measures } = probeCloud(unit(gaussianCloud(n, d, randomSource(seed))));
        for (const { measure, value, lo, hi, floor } of measures) {
          expect(measure).toMatch(/^[a-z0-9_]+(\.\d+)?$/);
          for (const v of [value, lo ?? 0, hi ?? 0, floor ?? 0]) expect(Number.isFinite(v), measure).toBe(true);
          if (lo !== null && hi !== null) {
            expect(lo).toBeLessThanOrEqual(value);
            expect(hi).toBeGreaterThanOrEqual(value);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("exact clouds", () => {
  it("equiangular: all cosines ρ", () => {
    const [n, rho] = [12, 0.93];
    const v = values(equiangularCloud(n, rho));
    // Each inner product is √ρ² up to rounding.
    for (const name of ["mean", "min", "max", "q05", "q50", "q95"]) expect(v[`${name}_cosine`]).toBeCloseTo(rho, 14);
    expect(v.sd_cosine).toBeLessThan(1e-15);
    expect([v["mass_0.9"], v["mass_0.99"], v["clusters_0.9"], v["clusters_0.95"]]).toEqual([1, 0, 1, n]);
    expect(v.mean_vector_norm).toBeCloseTo(Math.sqrt((1 + (n - 1) * rho) / n), 14);
    expect(v.scaled_energy_9).toBeCloseTo((1 + (n - 1) * Math.exp(9 * (rho - 1))) / n, 13);
  });

  it("clusters on orthogonal axes: counts and masses by hand", () => {
    const v = values(axisClusters([3, 2, 1], 4));
    expect([v["clusters_0.5"], v["clusters_0.999"], v["largest_cluster_0.9"]]).toEqual([3, 3, 0.5]);
    // Of 15 pairs 3 + 1 coincide.
    expect(v["mass_0.999"]).toBe(4 / 15);
    expect(v.mean_cosine).toBeCloseTo(4 / 15, 15);
    // (Σλ)²/Σλ² with λ = 3, 2, 1.
    expect(v.participation_ratio).toBeCloseTo(36 / 14, 13);
    expect(v.isoscore).toBeCloseTo((36 / 14 - 1) / 3, 13);
  });

  it("duplicated tokens: ranks stay, distributions gain the mass at 1", () => {
    const cloud = unit(gaussianCloud(7, 5, randomSource(3)));
    const twice = { n: 14, d: 5, x: Float64Array.from([...cloud.x, ...cloud.x]) };
    const [one, two] = [values(cloud), values(twice)];
    for (const name of ["effective_rank", "participation_ratio", "mean_vector_norm", "clusters_0.9"]) {
      expect(two[name]).toBeCloseTo(one[name], 12);
    }
    // Of 91 pairs 7 coincide, and each of the 21 counts four times.
    expect(two["mass_0.999"]).toBe(7 / 91);
    expect(two.mean_cosine).toBeCloseTo((7 + 84 * one.mean_cosine) / 91, 13);
  });

  it("all tokens the same: full collapse in every measure", () => {
    const v = values(axisClusters([6], 3));
    expect([v.mean_cosine, v.sd_cosine, v["mass_0.999"], v.mean_vector_norm, v.effective_rank]).toEqual([
      1, 0, 1, 1, 1,
    ]);
    expect([v.isoscore, v["clusters_0.999"], v.scaled_energy_9, "skew_cosine" in v]).toEqual([0, 1, 1, false]);
  });
});

describe("policies in the result", () => {
  const include = resolvePolicy({ diagonal: "include" });

  it("with the diagonal, the mean cosine is the squared norm of the mean vector", () => {
    fc.assert(
      fc.property(shapes, ([n, d, seed]) => {
        const v = values(unit(gaussianCloud(n, d, randomSource(seed), 1)), { policy: include });
        expect(Math.abs(v.mean_cosine - v.mean_vector_norm ** 2)).toBeLessThan(1e-14); // sums of 400 numbers below 1
      }),
    );
  });

  it("the preset of the published figure counts the whole Gram matrix on bins over the data", () => {
    const cloud = unit(gaussianCloud(20, 6));
    const { histogram } = probeCloud(cloud, glprFigure1);
    expect(histogram).toMatchObject({ rule: "freedman-diaconis", total: 400, outside: 0 });
    expect(histogram.edges.at(-1)).toBe(1);
  });

  it("without unit vectors there are inner products on bins over the data, and nothing of the sphere", () => {
    const raw = gaussianCloud(10, 4, randomSource(1), 5);
    const policy = resolvePolicy({ normalize: "none" });
    const probe = probeCloud(raw, { policy });
    const names = probe.measures.map(({ measure }) => measure);
    expect(names).toContain("mean_inner_product");
    expect(names.filter((name) => /cosine|mass|energy|cluster|isotropic/.test(name))).toEqual([]);
    expect(probe.histogram.rule).toBe("range");
    expect(probe.histogram.edges).toEqual(Array.from(rangeEdges(innerProducts(raw, false))));
    expect(probe.measures.every(({ floor }) => floor === null)).toBe(true);
  });

  it("centred clouds have no floor, for the floor is of clouds that were not", () => {
    const policy = resolvePolicy({ center: "mean" });
    const { measures } = probeCloud(applyPolicy(gaussianCloud(9, 5), policy), { policy });
    expect(measures.every(({ floor }) => floor === null)).toBe(true);
    expect(measures.map(({ measure }) => measure)).toContain("mass_0.9");
  });

  it("only the measures that are asked for are measured", () => {
    const options = { measures: [productMeasures, spectrumMeasures], intervals: false };
    const { measures } = probeCloud(unit(gaussianCloud(9, 5)), options);
    expect(measures.filter(({ measure }) => /norm_mean|energy|cluster/.test(measure))).toEqual([]);
    expect(measures.find(({ measure }) => measure === "mean_cosine")).toMatchObject({ lo: null, hi: null });
    expect(measures.map(({ measure }) => measure)).toContain("effective_rank");
  });

  it("states that were not normalized are refused, with the remedy", () => {
    const message = expect.stringMatching(/token 0 has length .*, not 1\. apply the policy first/);
    expect(() => probeCloud(gaussianCloud(4, 3))).toThrow(expect.objectContaining({ kind: "input", message }));
  });

  it("fewer than two tokens are refused", () => {
    expect(() => probeCloud(axisClusters([1], 3))).toThrow(expect.objectContaining({ kind: "input" }));
  });
});

describe("probeAcross", () => {
  it("measures pairs of tokens of different texts alone", () => {
    const probe = probeAcross([axisClusters([3], 4), axisClusters([2, 2], 4)]);
    expect(probe).toMatchObject({ n: 7, d: 4 });
    // Of 3 × 4 pairs half lie on the first axis both.
    expect(byName(probe)).toMatchObject({ mean_cosine: 0.5, "mass_0.999": 0.5 });
    expect(probe.histogram.total).toBe(12);
  });

  it("finds independent texts at the isotropic floor", () => {
    const random = randomSource(9);
    const { measures } = probeAcross([isotropicCloud(60, 32, random), isotropicCloud(50, 32, random)]);
    const sd = measures.find(({ measure }) => measure === "sd_cosine");
    // 3000 pairs, independent two by two: the sd is good to 2 %, the tolerance is four of those.
    expect((sd?.value ?? 0) / (sd?.floor ?? 1)).toBeCloseTo(1, 1);
  });

  it("needs two texts", () => {
    expect(() => probeAcross([axisClusters([3], 4)])).toThrow(expect.objectContaining({ kind: "input" }));
  });
});
