import { describe, expect, it } from "vitest";
import { type RandomSource, randomSource } from "../../models/random.ts";
import { isotropicCloud } from "../../probes/floors/isotropic-cloud.ts";
import { isotropicTail, studentQuantile } from "../../probes/numerics/isotropic-law.ts";
import { normalizeCloud } from "../../probes/policy/normalize-cloud.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { type Interval, pairIntervals } from "../../probes/products/jackknife.ts";
import { massAbove } from "../../probes/products/mass-above.ts";
import { moments } from "../../probes/products/moments.ts";
import { equiangularCloud, gaussianCloud, reorder } from "./clouds.ts";

const covers = (interval: Interval | null, truth: number) =>
  interval !== null && interval.lo <= truth && truth <= interval.hi;

/** How many of the trials cover the truth, for clouds made by `draw`. */
function coverage(trials: number, truth: number, draw: (random: RandomSource) => Interval | null): number {
  const random = randomSource(2024);
  let hits = 0;
  for (let k = 0; k < trials; k++) if (covers(draw(random), truth)) hits++;
  return hits / trials;
}

describe("pairIntervals", () => {
  it("is the jackknife by definition: every token left out, every statistic computed afresh", () => {
    const n = 9;
    const cloud = normalizeCloud(gaussianCloud(n, 3, randomSource(1), 1), "l2");
    const statistics = (pairs: Float64Array) => {
      const { mean, sd } = moments(pairs);
      return [mean, sd, massAbove(pairs, 0.5)];
    };
    const estimates = statistics(innerProducts(cloud, true));
    const without = Array.from({ length: n }, (_, i) => {
      const others = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
      return statistics(innerProducts(reorder(cloud, others), true));
    });
    const expected = estimates.map((estimate, s) => {
      const mean = without.reduce((sum, values) => sum + values[s], 0) / n;
      const variance = (without.reduce((sum, values) => sum + (values[s] - mean) ** 2, 0) * (n - 1)) / n;
      const half = studentQuantile(0.975, n - 1) * Math.sqrt(variance);
      return [Math.max(estimate - half, s === 0 ? -1 : 0), Math.min(estimate + half, s === 1 ? 2 : 1)];
    });
    const { mean, sd, masses } = pairIntervals(innerProducts(cloud, true), n, [0.5]);
    [mean, sd, masses[0]].forEach((interval, s) => {
      // Sums of 36 numbers of order 1 in another order, under a root.
      expect(interval?.lo).toBeCloseTo(expected[s][0], 12);
      expect(interval?.hi).toBeCloseTo(expected[s][1], 12);
    });
  });

  it("covers the mean cosine of tokens around a pole about 95 times in 100", () => {
    // Tokens are a unit vector with mean vector m along the first axis: the mean cosine is m². On the circle of radius
    // given by a Gaussian this has no closed form, so m comes from 200 000 tokens: its error is 0.002 at most.
    const many = normalizeCloud(gaussianCloud(200_000, 3, randomSource(5), 1), "l2");
    let m = 0;
    for (let i = 0; i < many.n; i++) m += many.x[i * 3] / many.n;
    const share = coverage(400, m * m, (random) => {
      const cloud = normalizeCloud(gaussianCloud(40, 3, random, 1), "l2");
      return pairIntervals(innerProducts(cloud, true), 40, []).mean;
    });
    // Binomial with p = .95: four standard deviations are .044, and second-order errors at n = 40 about .01.
    expect(share).toBeGreaterThan(0.9);
    expect(share).toBeLessThan(0.995);
  });

  it("covers mean, spread and mass of isotropic clouds at least 95 times in 100: it is conservative there", () => {
    const [n, d, trials] = [40, 16, 200];
    const intervals = (random: RandomSource) =>
      pairIntervals(innerProducts(isotropicCloud(n, d, random), true), n, [0.3]);
    // Binomial with p = .95: 2.5 standard deviations of 200 trials below.
    expect(coverage(trials, 0, (random) => intervals(random).mean)).toBeGreaterThan(0.91);
    expect(coverage(trials, 1 / Math.sqrt(d), (random) => intervals(random).sd)).toBeGreaterThan(0.91);
    expect(coverage(trials, isotropicTail(0.3, d), (random) => intervals(random).masses[0])).toBeGreaterThan(0.91);
  });

  it("does not cover what is wrong: half the mean, with a thousand pairs", () => {
    const share = coverage(50, 0.25, (random) => {
      const cloud = normalizeCloud(gaussianCloud(50, 3, random, 3), "l2");
      return pairIntervals(innerProducts(cloud, true), 50, []).mean;
    });
    expect(share).toBe(0);
  });

  it("says nothing of two tokens, nor where leaving one out changes nothing", () => {
    const nothing = { mean: null, sd: null, masses: [null] };
    expect(pairIntervals(innerProducts(equiangularCloud(2, 0.2), true), 2, [0.9])).toEqual(nothing);
    expect(pairIntervals(new Float64Array(10).fill(0.7), 5, [0.9])).toEqual(nothing);
  });

  it("never leaves the range that the number can have", () => {
    const { mean, sd, masses } = pairIntervals(Float64Array.from([0.99, -0.9, 0.95]), 3, [0.9]);
    for (const [interval, least] of [
      [mean, -1],
      [sd, 0],
      [masses[0], 0],
    ] as const) {
      expect(interval?.lo).toBeGreaterThanOrEqual(least);
      expect(interval?.hi).toBeLessThanOrEqual(least === -1 ? 1 : 2);
    }
  });
});
