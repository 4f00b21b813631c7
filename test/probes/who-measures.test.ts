import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { Cloud64 } from "../../probes/cloud.ts";
import { coordinateContributions, coordinateShares, isRogue } from "../../probes/coordinates/coordinate-shares.ts";
import { coordinatePeaks } from "../../probes/coordinates/massive-activations.ts";
import { viewCloud } from "../../probes/measures/cloud-view.ts";
import { collapseResidual } from "../../probes/measures/collapse-measure.ts";
import { dimensionOfRatios, twoNn } from "../../probes/measures/two-nn-measure.ts";
import { nearestNeighbours } from "../../probes/neighbours/nearest-neighbours.ts";
import { linearCka } from "../../probes/pairs/linear-cka.ts";
import { neighbourOverlap } from "../../probes/pairs/neighbour-overlap.ts";
import { applyPolicy } from "../../probes/policy/apply-policy.ts";
import { resolvePolicy } from "../../probes/policy/policy.ts";
import { probeCloud } from "../../probes/probe-cloud.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import { axisClusters, equiangularCloud, gaussianCloud, randomRotation, rotate } from "./clouds.ts";
import { waves } from "./waves.ts";

/** Made by make_measures.py beside it, with NumPy and other formulas. */
const EXPECTED: readonly Expected[] = JSON.parse(
  readFileSync(new URL("../fixtures/measures/measures.json", import.meta.url), "utf8"),
);

interface Expected {
  readonly n: number;
  readonly d: number;
  readonly [measure: string]: number | readonly number[];
}

const unit = (cloud: Cloud64) => applyPolicy(cloud, resolvePolicy());
const STANDARD = resolvePolicy({ normalize: "standardize" });

describe.each(EXPECTED)("measures of $n tokens in $d dimensions beside NumPy", ({ n, d, ...expected }) => {
  const [raw, other] = [waves(n, d, 0.1, 3), waves(n, d, 0.5, 0.7)];
  const [a, b] = [viewCloud(unit(raw)), viewCloud(unit(other))];
  const rows = Object.fromEntries(probeCloud(a).measures.map(({ measure, value }) => [measure, value]));

  // Both are float64: sums in another order, and a spectrum, agree to a few hundred ε.
  it.each(["collapse_residual", "intrinsic_dimension", "top_direction_share"])("%s", (name) => {
    expect(rows[name]).toBeCloseTo(expected[name] as number, 11);
  });

  it("cka, neighbour_overlap", () => {
    expect(linearCka.between(a, b, null)).toBeCloseTo(expected.cka as number, 11);
    expect(neighbourOverlap.between(a, b, null)).toBeCloseTo(expected.neighbour_overlap as number, 12);
  });

  it("what each coordinate adds to the mean cosine; together they are the mean cosine", () => {
    const found = coordinateContributions(a);
    (expected.contributions as readonly number[]).forEach((value, k) => {
      expect(found[k]).toBeCloseTo(value, 12);
    });
    expect(found.reduce((x, y) => x + y)).toBeCloseTo(meanCosine(a), 12);
    expect(rows.top_coordinate_cosine).toBe(Math.max(...found));
  });

  it("standardized coordinates", () => {
    expect(meanCosine(applyPolicy(raw, STANDARD))).toBeCloseTo(expected.standardized_mean_cosine as number, 11);
  });
});

describe("exact values", () => {
  it("collapse: √(1 − ‖mean‖²) of unit tokens, 0 of one point", () => {
    for (const rho of [0, 0.3, 0.9]) {
      const n = 7;
      const mean = (1 + (n - 1) * rho) / n; // ‖mean‖² of equiangular tokens.
      expect(collapseResidual(equiangularCloud(n, rho))).toBeCloseTo(Math.sqrt(1 - mean), 12);
    }
    expect(collapseResidual(axisClusters([5]))).toBe(0);
  });

  it("the top direction of equiangular tokens has (1 + (n − 1)ρ)/n", () => {
    const { measures } = probeCloud(equiangularCloud(6, 0.4));
    expect(measures.find(({ measure }) => measure === "top_direction_share")?.value).toBeCloseTo((1 + 5 * 0.4) / 6, 12);
  });

  it.each([1, 2.5, 14])("TwoNN gives the dimension of ratios that follow its law exactly: %d", (dimension) => {
    const n = 50;
    // F(μ_(i)) = i/n with F(μ) = 1 − μ^−D; the last is infinite and among those left out.
    const ratios = Array.from({ length: n }, (_, i) => (1 - (i + 1) / n) ** (-1 / dimension));
    expect(dimensionOfRatios(ratios)).toBeCloseTo(dimension, 12);
  });

  it("TwoNN sees a plane in twenty dimensions, and nothing in points that coincide", () => {
    const flat = gaussianCloud(600, 2, randomSource(3));
    const x = new Float64Array(600 * 20);
    for (let i = 0; i < 600; i++) x.set(flat.x.subarray(2 * i, 2 * i + 2), 20 * i);
    const lifted = rotate({ n: 600, d: 20, x }, randomRotation(20, randomSource(4)));
    // The estimate's own error is D/√N = .08; three of them.
    expect(twoNn({ ...lifted, pairs: innerProducts(lifted, false) })).toBeCloseTo(2, 0.6);
    const pairs = axisClusters([4, 4]);
    expect(twoNn({ ...pairs, pairs: innerProducts(pairs, true) })).toBeNull();
  });

  it("CKA is 1 for a rotated, scaled and shifted copy, and does not exist for one point", () => {
    const a = gaussianCloud(8, 5, randomSource(1));
    const turned = rotate(a, randomRotation(5, randomSource(2)));
    const moved = { ...a, x: turned.x.map((v, p) => 3 * v + (p % 5)) };
    const view = (cloud: Cloud64) => viewCloud(cloud, { policy: resolvePolicy({ normalize: "none" }) });
    expect(linearCka.between(view(a), view(moved), null)).toBeCloseTo(1, 12);
    expect(linearCka.between(view(a), view(axisClusters([8], 5)), null)).toBeNull();
  });

  it("the nearest of tokens on a line are known", () => {
    const line = { n: 4, d: 1, x: Float64Array.of(0, 1, 3, 3.5) };
    const squares = line.x.map((v) => v * v);
    expect([...nearestNeighbours(innerProducts(line, false), squares, 2)]).toEqual([1, 2, 0, 2, 3, 1, 2, 1]);
  });
});

describe("rogue coordinates", () => {
  it("carry more than a third and ten times their even share", () => {
    expect([0.33, 0.34].map((share) => isRogue(share, 768))).toEqual([false, true]);
    expect([0.49, 0.51].map((share) => isRogue(share, 20))).toEqual([false, true]);
  });

  it("have no share where there is no mean cosine to speak of", () => {
    expect(coordinateShares(Float64Array.of(0.09, 0.005))).toBeNull();
    expect(coordinateShares(Float64Array.of(0.09, 0.03))).toEqual(Float64Array.of(0.75, 0.25));
  });

  it("make cosines that standardizing takes away, whatever the scale of a coordinate", () => {
    const cloud = gaussianCloud(30, 40, randomSource(5));
    const rogue = { ...cloud, x: cloud.x.map((v, p) => (p % 40 === 7 ? 60 + v : v)) };
    const shares = coordinateShares(coordinateContributions(unit(rogue)));
    expect(shares?.findIndex((share) => isRogue(share, 40))).toBe(7);
    const standard = applyPolicy(rogue, STANDARD);
    // Centred tokens have a mean cosine near −1/(n − 1).
    expect(Math.abs(meanCosine(standard) + 1 / 29)).toBeLessThan(0.01);
    const scaled = { ...rogue, x: rogue.x.map((v, p) => v * (p % 40 === 3 ? 1e6 : 1)) };
    applyPolicy(scaled, STANDARD).x.forEach((v, p) => {
      expect(v).toBeCloseTo(standard.x[p], 9);
    });
  });

  it("that are the same in all tokens become 0, and a token that is the mean of all has no direction", () => {
    const cloud = { n: 3, d: 2, x: Float64Array.of(5, 1, 5, 2, 5, 9) };
    expect([...applyPolicy(cloud, STANDARD).x].map(Math.abs)).toEqual([0, 1, 0, 1, 0, 1]);
    const mean = { n: 3, d: 2, x: Float64Array.of(1, 1, 2, 2, 3, 3) };
    expect(() => applyPolicy(mean, STANDARD)).toThrow(/token 1: a zero vector has no direction under standardize/);
  });

  it("are massive above 100 and above 1000 times the median", () => {
    const x = new Float32Array(60).fill(0.11);
    x[7] = -109;
    x[20] = 111;
    const [small, massive] = [7 % 6, 20 % 6].map((k) => coordinatePeaks({ n: 10, d: 6, x })[k]);
    expect(small).toMatchObject({ value: -109, token: 1, massive: 0 });
    expect(massive).toMatchObject({ value: 111, token: 3, massive: 1 });
    const quiet = x.map((v) => v / 2); // Far above the median, but not above 100.
    expect(coordinatePeaks({ n: 10, d: 6, x: quiet })[20 % 6].massive).toBe(0);
  });
});
