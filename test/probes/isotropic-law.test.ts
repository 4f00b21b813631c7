import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { isotropicCloud } from "../../probes/floors/isotropic-cloud.ts";
import { incompleteBeta } from "../../probes/numerics/incomplete-beta.ts";
import {
  isotropicCdf,
  isotropicQuantile,
  isotropicTail,
  studentQuantile,
} from "../../probes/numerics/isotropic-law.ts";
import { logGamma } from "../../probes/numerics/log-gamma.ts";
import { normalizeCloud } from "../../probes/policy/normalize-cloud.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { gaussianCloud, kolmogorovSmirnov } from "./clouds.ts";

/** Relative agreement with SciPy 1.17; both lose a few ε times the size of the logarithms, up to 10³. */
function expectClose(value: number, expected: number, relative = 1e-12): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));
}

describe("special functions", () => {
  it("know ln Γ", () => {
    const known = [
      [0.5, Math.log(Math.PI) / 2],
      [3.7, 1.428072326665388],
      [100.5, 361.43554046777757],
      [1e6, 12815504.569147611],
    ];
    for (const [x, expected] of known) expectClose(logGamma(x), expected, 1e-14); // ten logarithms at most
    expect(Math.abs(logGamma(1))).toBeLessThan(1e-14);
    expect(Math.abs(logGamma(2))).toBeLessThan(1e-14);
  });

  it("know the incomplete beta function, far tails included", () => {
    const known = [
      [0.3, 2, 5, 0.5798250000000003],
      [0.01, 0.5, 0.5, 0.06376856085851985],
      [0.2, 127.5, 127.5, 8.01780067275408e-27],
      [0.05, 383.5, 383.5, 4.0364716951943765e-279],
      [0.9, 3, 0.2, 0.19414127962989713],
    ];
    for (const [x, a, b, expected] of known) expectClose(incompleteBeta(x, a, b), expected);
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
  });

  it("know Student's quantiles", () => {
    const known = [
      [1, 12.706204736174694],
      [2, 4.302652729749462],
      [9, 2.262157162798205],
      [79, 1.9904502102301285],
    ];
    for (const [df, expected] of known) expectClose(studentQuantile(0.975, df), expected);
  });
});

describe("the law of an inner product of independent uniform unit vectors", () => {
  it("has the quantiles that SciPy's beta distribution has", () => {
    const known = [
      [0.05, 2, -0.9876883405951378],
      [0.05, 3, -0.9],
      [0.05, 256, -0.10283225670072904],
      [1e-9, 768, -0.21412142726853356],
      [0.25, 8, -0.259573251756435],
    ];
    for (const [p, d, expected] of known) expectClose(isotropicQuantile(p, d), expected);
  });

  it("is the arcsine law for d = 2 and uniform for d = 3", () => {
    for (const s of [-0.9, -0.3, 0, 0.5, 0.99]) {
      expectClose(isotropicCdf(s, 2), 1 - Math.acos(s) / Math.PI);
      expectClose(isotropicCdf(s, 3), (1 + s) / 2);
    }
  });

  it.each([2, 3, 8, 64, 768])("integrates its density (d = %d)", (d) => {
    // t = sin φ makes the density cos^{d−2} φ, smooth at both ends; Simpson with 4000 steps is exact to rounding.
    const integral = (to: number) => {
      const steps = 4000;
      const h = (Math.asin(to) + Math.PI / 2) / steps;
      let sum = 0;
      for (let k = 0; k <= steps; k++) {
        const weight = k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2;
        sum += weight * Math.cos(-Math.PI / 2 + k * h) ** (d - 2);
      }
      return (sum * h) / 3;
    };
    for (const s of [-0.7, -0.2, 0.05, 0.4]) {
      // Compared in absolute terms: far tails are below the rounding of the sum.
      expect(Math.abs(isotropicCdf(s, d) - integral(s) / integral(1))).toBeLessThan(1e-10);
    }
  });

  it("has a quantile that inverts it, a symmetric tail, and no quantile outside [−1, 1]", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 0.999, noNaN: true }), fc.integer({ min: 3, max: 1024 }), (p, d) => {
        const s = isotropicQuantile(p, d);
        // The distribution function is as steep as √d, and p itself is good to ε (for d = 2 it is steep without bound).
        expect(Math.abs(isotropicCdf(s, d) - p)).toBeLessThan(1e-12);
        expect(Math.abs(isotropicTail(s, d) - (1 - p))).toBeLessThan(1e-12);
        expect(Math.abs(s)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("is ±1 with equal chance on the line", () => {
    expect([-1.5, -1, 0, 0.99, 1].map((s) => isotropicCdf(s, 1))).toEqual([0, 0.5, 0.5, 0.5, 1]);
    expect(isotropicTail(0.9, 1)).toBe(0.5);
  });
});

describe("goodness of fit", () => {
  /** Products of disjoint pairs, which are independent: (0,1), (2,3), … */
  const sample = (d: number, mean: number) => {
    const cloud = normalizeCloud(gaussianCloud(4000, d, randomSource(d), mean), "l2");
    return Float64Array.from({ length: 2000 }, (_, k) => {
      const pair = { n: 2, d, x: cloud.x.subarray(2 * k * d, (2 * k + 2) * d) };
      return innerProducts(pair, true)[0];
    });
  };
  // √N sup|F_N − F| exceeds 1.95 with a chance of 0.001 under the right law.
  const critical = 1.95;

  it.each([2, 3, 16, 128])("accepts isotropic clouds (d = %d)", (d) => {
    expect(kolmogorovSmirnov(sample(d, 0), (s) => isotropicCdf(s, d))).toBeLessThan(critical);
  });

  it("rejects the law of the wrong dimension", () => {
    expect(kolmogorovSmirnov(sample(16, 0), (s) => isotropicCdf(s, 24))).toBeGreaterThan(critical);
    expect(kolmogorovSmirnov(sample(16, 0), (s) => isotropicCdf(s, 11))).toBeGreaterThan(critical);
  });

  it("rejects a cloud that gathers around a pole", () => {
    expect(kolmogorovSmirnov(sample(16, 1.5), (s) => isotropicCdf(s, 16))).toBeGreaterThan(critical);
  });
});

describe("isotropicCloud", () => {
  it("gives the same cloud for the same seed and another for another", () => {
    const cloud = (seed: number) => isotropicCloud(3, 4, randomSource(seed)).x;
    expect(cloud(5)).toEqual(cloud(5));
    expect(cloud(5)).not.toEqual(cloud(6));
  });
});
