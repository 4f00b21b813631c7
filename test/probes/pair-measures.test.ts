import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { viewCloud } from "../../probes/measures/cloud-view.ts";
import { wasserstein1Weighted } from "../../probes/numerics/wasserstein1.ts";
import { asPairMeasure, definePairMeasure } from "../../probes/pairs/define-pair-measure.ts";
import { PAIR_MEASURES } from "../../probes/pairs/pair-measures.ts";
import { applyPolicy } from "../../probes/policy/apply-policy.ts";
import { centerCloud } from "../../probes/policy/center-cloud.ts";
import { resolvePolicy } from "../../probes/policy/policy.ts";
import { probePair } from "../../probes/probe-pair.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { axisClusters, gaussianCloud, randomRotation, reorder, rotate } from "./clouds.ts";

const unit = (cloud: Cloud) => applyPolicy(cloud, resolvePolicy());
const shapes = fc.tuple(fc.integer({ min: 2, max: 10 }), fc.integer({ min: 2, max: 8 }), fc.nat());
const failure = (kind: string, message: RegExp) =>
  expect.objectContaining({ kind, message: expect.stringMatching(message) });

/** Values by name. */
function values(a: Cloud, b: Cloud, measures = PAIR_MEASURES): Readonly<Record<string, number>> {
  return Object.fromEntries(probePair(a, b, measures).map(({ measure, value }) => [measure, value]));
}

function expectSame(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): void {
  expect(Object.keys(a)).toEqual(Object.keys(b));
  // Inner products move by a few ε; a correlation of few pairs by some hundred, a small angle by the root of ε.
  for (const [name, value] of Object.entries(a)) expect(Math.abs(value - b[name]), name).toBeLessThan(1e-7);
}

/** Linear CKA (Kornblith et al. 2019, arXiv:1905.00414, equation 3) by centred Gram matrices: HSIC(a, b)/√(HSIC(a, a) HSIC(b, b)). */
const cka = definePairMeasure({
  name: "linear_cka",
  value(a, b) {
    const [ka, kb] = [centredGram(a), centredGram(b)];
    const hsic = (k: Float64Array, l: Float64Array) => k.reduce((sum, v, p) => sum + v * l[p], 0);
    const scale = Math.sqrt(hsic(ka, ka) * hsic(kb, kb));
    return scale > 1e-12 ? hsic(ka, kb) / scale : null;
  },
});

function centredGram({ n, d, x }: Cloud): Float64Array {
  const mean = (k: number) => Array.from({ length: n }, (_, i) => x[i * d + k]).reduce((s, v) => s + v / n, 0);
  const means = Array.from({ length: d }, (_, k) => mean(k));
  const at = (i: number, k: number) => x[i * d + k] - means[k];
  return Float64Array.from({ length: n * n }, (_, p) =>
    means.reduce((sum, _m, k) => sum + at(Math.floor(p / n), k) * at(p % n, k), 0),
  );
}

/** The same by features: ‖AᵀB‖²/(‖AᵀA‖ ‖BᵀB‖) of the centred clouds, Frobenius norms. */
function ckaByFeatures(a: Cloud, b: Cloud): number {
  const [ac, bc] = [centerCloud(a, "mean"), centerCloud(b, "mean")];
  const squared = (u: Cloud, v: Cloud) => {
    let total = 0;
    for (let k = 0; k < u.d; k++) {
      for (let l = 0; l < v.d; l++) {
        let s = 0;
        for (let i = 0; i < u.n; i++) s += u.x[i * u.d + k] * v.x[i * v.d + l];
        total += s * s;
      }
    }
    return total;
  };
  return squared(ac, bc) / Math.sqrt(squared(ac, ac) * squared(bc, bc));
}

describe.each(PAIR_MEASURES.map((measure) => [measure.name, measure] as const))(
  "the pair measure %s",
  (_name, measure) => {
    it("is a finite number or absent, symmetric, and stays when both clouds are rotated or reordered alike", () => {
      fc.assert(
        fc.property(shapes, ([n, d, seed]) => {
          const random = randomSource(seed);
          const [a, b] = [unit(gaussianCloud(n, d, random, 1)), unit(gaussianCloud(n, d, random, 1))];
          const found = values(a, b, [measure]);
          for (const value of Object.values(found)) expect(Number.isFinite(value)).toBe(true);
          const rotation = randomRotation(d, random);
          const order = Array.from({ length: n }, (_, i) => (i + 1) % n);
          expectSame(values(b, a, [measure]), found);
          expectSame(values(rotate(a, rotation), rotate(b, rotation), [measure]), found);
          expectSame(values(reorder(a, order), reorder(b, order), [measure]), found);
        }),
        { numRuns: 25, seed: 1 },
      );
    });

    it("says what it is", () => {
      expect(measure.about).toBeTruthy();
      expect(asPairMeasure(measure)).toBe(measure);
    });
  },
);

describe("the pair measures of the package", () => {
  const [a, b] = [1, 2].map((seed) => unit(gaussianCloud(9, 5, randomSource(seed), 1)));

  it("w1 is the distance of the histograms, and pair_correlation that of the same pairs: either cloud may be rotated", () => {
    const turned = rotate(b, randomRotation(5, randomSource(3)));
    const ones = new Float64Array(36).fill(1);
    const w1 = wasserstein1Weighted(innerProducts(a, true), ones, innerProducts(b, true), ones);
    expect(values(a, b).w1).toBeCloseTo(w1, 12);
    for (const name of ["w1", "pair_correlation"]) expect(values(a, turned)[name]).toBeCloseTo(values(a, b)[name], 12);
    expect(values(a, turned).angle_moved).not.toBeCloseTo(values(a, b).angle_moved, 2);
  });

  it("of a cloud and itself nothing is between: w1 and angle 0, correlation, CKA and overlap 1", () => {
    const one = expect.closeTo(1, 12);
    const same = { w1: 0, pair_correlation: one, angle_moved: 0, cka: one, neighbour_overlap: 1 };
    expect(values(a, a)).toEqual(same);
  });

  it("the angle moved is known by hand, small ones too", () => {
    const turn = (angle: number): Cloud => ({
      n: 2,
      d: 2,
      x: Float64Array.of(Math.cos(angle), Math.sin(angle), Math.sin(angle), -Math.cos(angle)),
    });
    const still = turn(0);
    expect(values(still, turn(Math.PI / 3)).angle_moved).toBeCloseTo(Math.PI / 3, 14);
    expect(values(still, turn(1e-9)).angle_moved).toBeCloseTo(1e-9, 16);
    expect(values(still, turn(Math.PI)).angle_moved).toBeCloseTo(Math.PI, 14);
  });

  it("leave out what does not exist: a correlation with inner products that are all equal, an angle between widths", () => {
    expect(Object.keys(values(axisClusters([4]), axisClusters([2, 2])))).toEqual(["w1", "neighbour_overlap"]);
  });

  it("take clouds that are not of length 1 as their views say", () => {
    const policy = resolvePolicy({ normalize: "none" });
    const [raw, twice] = [gaussianCloud(5, 3), { n: 5, d: 3, x: gaussianCloud(5, 3).x.map((v) => 2 * v) }];
    const found = probePair(viewCloud(raw, { policy }), viewCloud(twice, { policy }));
    expect(found.map(({ measure }) => measure)).toEqual([
      "w1",
      "pair_correlation",
      "angle_moved",
      "cka",
      "neighbour_overlap",
    ]);
    expect(found[2].value).toBeLessThan(1e-7);
    expect(() => probePair(raw, twice)).toThrow(failure("input", /apply the policy first/));
  });

  it("need as many tokens on both sides", () => {
    const [three, four] = [axisClusters([3], 2), axisClusters([4], 2)];
    expect(() => probePair(three, four, PAIR_MEASURES, "text 0, layers 1 and 2")).toThrow(
      failure("input", /^text 0, layers 1 and 2: pair of clouds: 3 and 4 tokens\. give the same tokens twice$/),
    );
  });
});

describe("a pair measure that a user defines", () => {
  const [a, b] = [1, 2].map((seed) => unit(gaussianCloud(8, 4, randomSource(seed), 1)));

  it("is measured beside ours: linear CKA, after its other formula", () => {
    const rows = probePair(a, b, [...PAIR_MEASURES, cka]);
    expect(rows.at(-1)).toEqual({ measure: "linear_cka", value: expect.closeTo(ckaByFeatures(a, b), 12), n: 8, d: 4 });
    expect(values(a, rotate(a, randomRotation(4, randomSource(2))), [cka]).linear_cka).toBeCloseTo(1, 12);
  });

  it.each<[string, unknown, RegExp]>([
    [
      "throws",
      () => {
        throw new Error("no");
      },
      /^text 0, layers 1 and 2: pair measure bad: value threw: no\. mend it/,
    ],
    ["gives NaN", () => Number.NaN, /^text 0, layers 1 and 2: pair measure bad: value gave NaN\. return/],
    ["gives a list", () => [1], /pair measure bad: value gave an array\. /],
  ])("ends in one line where it %s", (_what, value, message) => {
    const bad = asPairMeasure({ name: "bad", value });
    expect(() => probePair(a, b, [bad], "text 0, layers 1 and 2")).toThrow(failure("input", message));
  });

  it("is refused beside another of its name", () => {
    expect(() => probePair(a, b, [cka, cka])).toThrow(
      failure("usage", /^pair measure linear_cka: there is one already/),
    );
  });

  it.each<[string, unknown, string, RegExp]>([
    ["nothing", null, "input", /^pair measure: null\. give \{ name, value \}$/],
    ["no value", { name: "mine" }, "input", /^pair measure mine: value is undefined\. give a function$/],
    ["of no name", { name: "1st", value: () => 1 }, "input", /^pair measure "1st": no name\. /],
    ["of one of our names", { name: "w1", value: () => 1 }, "usage", /^pair measure w1: there is one already\. /],
  ])("is refused where it is %s", (_what, value, kind, message) => {
    expect(() => asPairMeasure(value)).toThrow(failure(kind, message));
  });
});
