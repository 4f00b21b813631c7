import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { isotropicCloud } from "../../probes/floors/isotropic-cloud.ts";
import { isotropicClusters } from "../../probes/floors/isotropic-clusters.ts";
import { logIsotropicExp } from "../../probes/floors/isotropic-energy.ts";
import { type IsotropicFloor, isotropicFloor, sharedFloor } from "../../probes/floors/isotropic-floor.ts";
import { isotropicEffectiveRank, isotropicEffectiveRankOfEigenvalues } from "../../probes/floors/isotropic-rank.ts";
import { marchenkoPasturMean } from "../../probes/floors/marchenko-pastur.ts";
import { MEASURES } from "../../probes/measures/measures.ts";
import { resolvePolicy } from "../../probes/policy/policy.ts";
import { probeCloud } from "../../probes/probe-cloud.ts";
import { innerProducts, pairCount } from "../../probes/products/inner-products.ts";
import { axisClusters } from "./clouds.ts";

const draws = 60;

const RANKS = { measures: MEASURES.filter(({ name }) => name === "spectrum"), intervals: false };

/** Mean and standard error of every measure over isotropic clouds. */
function monteCarlo(n: number, d: number, floor: IsotropicFloor) {
  const random = randomSource(n * 1000 + d);
  const options = { floor, measures: MEASURES.filter(({ name }) => name !== "norms"), intervals: false };
  const rows = Array.from({ length: draws }, () => probeCloud(isotropicCloud(n, d, random), options).measures);
  return rows[0].map(({ measure, floor }, k) => {
    const values = rows.map((row) => row[k].value);
    const mean = values.reduce((a, b) => a + b, 0) / draws;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (draws - 1);
    return { measure, floor, mean, error: Math.sqrt(variance / draws) };
  });
}

/** How far a floor may lie from the mean besides chance, relative to it, where it is not the mean itself. */
function bias(measure: string, n: number, d: number): number {
  // Asymptotic laws of the spectrum at finite size, as their doc comments say.
  if (/^effective_rank/.test(measure)) return Math.min(n, d) < 8 ? 0.02 : 0.006;
  // The root of a mean lies above the mean of the root, and 1/mean below the mean of the inverse, by about the square of the
  // relative spread.
  if (/^(participation|isoscore|sd_)/.test(measure)) return 2 / (n * d) + 0.001;
  // The same for the norm of d Gaussian components, 1/(4d); and E|Gaussian| for a difference of distribution functions.
  if (/^(mean_vector|w1)/.test(measure)) return 0.3 / d + 0.02;
  // The logarithm of a mean beside the mean of a logarithm.
  return /^log_energy/.test(measure) ? 0.01 : 0;
}

describe.each([
  [8, 3],
  [20, 64],
  [64, 20],
  [48, 48],
])("the isotropic floor of %d tokens in %d dimensions", (n, d) => {
  const floor = isotropicFloor(n, d);
  // Extremes and clusters are tested below; top_ and intrinsic_ have no floor.
  const rows = monteCarlo(n, d, floor).filter(
    (row) => !/^(min|max|q\d|clusters|largest|top_|intrinsic)/.test(row.measure),
  );

  it.each(rows)("is what isotropic clouds show on average: $measure", ({ measure, floor, mean, error }) => {
    // A mass cannot be seen finer than a few pairs among all that were drawn.
    const grain = measure.startsWith("mass") ? 5 / (draws * pairCount(n)) : 0;
    // 4.5 standard errors: 1 in 10⁵ for each of some eighty comparisons.
    const allowed = 4.5 * error + grain + bias(measure, n, d) * Math.abs(floor ?? Number.NaN);
    expect(Math.abs(mean - (floor ?? Number.NaN))).toBeLessThanOrEqual(allowed);
  });
});

describe("floors of extremes and quantiles", () => {
  it.each([
    [12, 3],
    [30, 50],
  ])("halve the clouds at the least and greatest cosine (%d tokens, %d dimensions)", (n, d) => {
    const { values } = isotropicFloor(n, d);
    const random = randomSource(77);
    const trials = 400;
    let above = 0;
    let below = 0;
    for (let k = 0; k < trials; k++) {
      const pairs = innerProducts(isotropicCloud(n, d, random), true);
      if (pairs.reduce((a, b) => Math.max(a, b)) > (values.max_cosine ?? 1)) above++;
      if (pairs.reduce((a, b) => Math.min(a, b)) < (values.min_cosine ?? -1)) below++;
    }
    // Four standard deviations of a fair coin are 0.1; pairs independent only two by two move it by less than 0.05 more.
    expect(Math.abs(above / trials - 0.5)).toBeLessThan(0.15);
    expect(Math.abs(below / trials - 0.5)).toBeLessThan(0.15);
  });

  it("lie at 0 for the median and symmetric about it", () => {
    const { values } = isotropicFloor(30, 50);
    expect(values.q50_cosine).toBe(0);
    expect(values.q95_cosine).toBeCloseTo(-(values.q05_cosine ?? 0), 14); // 1 − .95 is .05 and a few ε
  });
});

describe("the isotropic energy", () => {
  it("has the exponential moment that SciPy's hypergeometric function gives, and none that overflows", () => {
    const known = [
      [1, 2, 0.2359143585071787],
      [9, 3, 6.1096282268738555],
      [50, 8, 39.171816024288944],
      [9, 768, 0.052730764080767774],
    ];
    // Logarithms of terms are added up some fifty times and reach 40: fifty times 40 ε at most, either way.
    for (const [beta, d, expected] of known) expect(logIsotropicExp(beta, d)).toBeCloseTo(expected, 12);
    // sinh β/β for d = 3.
    expect(logIsotropicExp(5000, 3)).toBeCloseTo(5000 - Math.log(10_000), 9); // ε of 5000 times its terms
    expect(logIsotropicExp(0, 5)).toBe(0);
  });
});

describe("the law of Marchenko and Pastur", () => {
  it.each([0.05, 0.5, 0.97, 1])("has mean 1, second moment 1 + y and E x ln x = y/2 (y = %d)", (y) => {
    // The rule's error is below 1e-6 at the hard edge y = 1.
    expect(marchenkoPasturMean((x) => x, y)).toBeCloseTo(1, 6);
    expect(marchenkoPasturMean((x) => x * x, y)).toBeCloseTo(1 + y, 5);
    expect(marchenkoPasturMean((x) => x * Math.log(x), y)).toBeCloseTo(y / 2, 5);
  });

  it("gives nearly full rank to few tokens in many dimensions", () => {
    expect(isotropicEffectiveRankOfEigenvalues(10, 1e6)).toBeCloseTo(10, 4); // 9/(2·10⁶) relative
  });
});

describe("effective ranks at finite size", () => {
  it.each([
    [24, 12, 0.002, 0.008],
    [16, 64, 0.001, 0.004],
  ])(
    "are what isotropic clouds show, not what the limit says (%d tokens, %d dimensions)",
    (n, d, within, withinEig) => {
      const random = randomSource(11);
      const drawn = Array.from({ length: 200 }, () => probeCloud(isotropicCloud(n, d, random), RANKS).measures);
      const mean = (name: string) =>
        drawn.reduce((sum, rows) => sum + rows.find(({ measure }) => measure === name)!.value, 0) / drawn.length;
      const off = (measured: string, law: (n: number, d: number) => number) => Math.abs(law(n, d) / mean(measured) - 1);
      // Bias as the doc comments say, and a standard error of chance. With the ratio m/M of the limit the first would be off by .3 and
      // .15 %, the second by 1.5 and .6 %.
      expect(off("effective_rank", isotropicEffectiveRank)).toBeLessThan(within);
      expect(off("effective_rank_eig", isotropicEffectiveRankOfEigenvalues)).toBeLessThan(withinEig);
    },
  );
});

describe("expected clusters of isotropic tokens", () => {
  it("are nearly n at transformer widths, less the expected number of edges", () => {
    const [{ clusters, largest }] = isotropicClusters(100, 256, [0.5], randomSource());
    expect(clusters).toBeLessThanOrEqual(100);
    expect(clusters).toBeGreaterThan(99.99);
    expect(largest).toBeCloseTo(0.01, 4); // edges are rarer than one in 10⁴ clouds
  });

  it("are gaps between neighbours on the circle", () => {
    // n(1 − a/2π)^{n−1} gaps exceed the angle a on average; one component even where none or one does.
    const [n, angle] = [10, 1];
    const chance = (k: number) => {
      // Inclusion and exclusion (Stevens 1939): the number of gaps above a.
      const choose = (m: number, j: number) =>
        Array.from({ length: j }, (_, i) => (m - i) / (i + 1)).reduce((a, b) => a * b, 1);
      let sum = 0;
      for (let j = k; j <= n && j * angle < 2 * Math.PI; j++) {
        sum += (-1) ** (j - k) * choose(n, j) * choose(j, k) * (1 - (j * angle) / (2 * Math.PI)) ** (n - 1);
      }
      return sum;
    };
    const expected = Array.from({ length: n + 1 }, (_, k) => Math.max(k, 1) * chance(k)).reduce((a, b) => a + b, 0);
    const [{ clusters }] = isotropicClusters(n, 2, [Math.cos(angle)], randomSource());
    // 64 draws with a spread below 1: four standard errors.
    expect(Math.abs(clusters - expected)).toBeLessThan(0.5);
  });

  it("do not depend on when they are asked for", () => {
    expect(isotropicFloor(12, 4).values).toEqual(isotropicFloor(12, 4).values);
  });
});

describe("floors as a test", () => {
  it("tell a clustered cloud from an isotropic one: its distance from the law is many times the floor", () => {
    const row = (cloud: ReturnType<typeof isotropicCloud>) =>
      probeCloud(cloud).measures.find(({ measure }) => measure === "w1_isotropic");
    const clustered = row(axisClusters([10, 10, 10, 10], 64));
    const isotropic = row(isotropicCloud(40, 64, randomSource(3)));
    expect((clustered?.value ?? 0) / (clustered?.floor ?? 1)).toBeGreaterThan(10);
    // The distance spreads by less than half of its mean.
    expect((isotropic?.value ?? 9) / (isotropic?.floor ?? 1)).toBeLessThan(3);
  });

  it("are those of a mixture where the diagonal is counted", () => {
    const [n, d] = [30, 40];
    const policy = resolvePolicy({ diagonal: "include" });
    const rows = probeCloud(isotropicCloud(n, d, randomSource(6)), { policy }).measures;
    const at = (name: string) => rows.find(({ measure }) => measure === name);
    // Mean cosines of one cloud spread by √(2/d)/n = .0075, its sd by far less; masses are exact here.
    expect(Math.abs((at("mean_cosine")?.value ?? 9) - (at("mean_cosine")?.floor ?? 0))).toBeLessThan(0.03);
    expect(at("sd_cosine")?.value).toBeCloseTo(at("sd_cosine")?.floor ?? 0, 1);
    expect(at("mass_0.9")?.value).toBeCloseTo(at("mass_0.9")?.floor ?? 0, 12);
  });
});

it("is made once for the layers of a text, and anew for another size or other thresholds", () => {
  const first = sharedFloor(12, 5);
  expect(sharedFloor(12, 5)).toBe(first);
  expect(first).toEqual(isotropicFloor(12, 5));
  const other = sharedFloor(12, 5, { masses: [0.3] });
  expect(other).toEqual(isotropicFloor(12, 5, { masses: [0.3] }));
  expect(other.values).not.toEqual(first.values);
  expect(sharedFloor(13, 5).n).toBe(13);
});
