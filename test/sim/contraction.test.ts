import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { capCloud } from "../../sim/clouds/cap-cloud.ts";
import { contractionRate } from "../../sim/theory/contraction-rate.ts";
import { quadrature, record } from "./cases.ts";

describe("a cap", () => {
  it.each([2, 3, 8, 300])("has tokens spread evenly within its angle, d = %i", (d) => {
    for (const angle of [0.3, Math.PI / 2, 2.5]) {
      const n = 4000;
      const { x } = capCloud(n, d, angle, randomSource(d));
      const cosines = Array.from({ length: n }, (_, i) => x[i * d]);
      expect(Math.min(...cosines)).toBeGreaterThan(Math.cos(angle) - 1e-15);
      // Relative to the largest value, which is not small at any d.
      const top = Math.sin(Math.min(angle, Math.PI / 2));
      const law = (phi: number) => (Math.sin(phi) / top) ** (d - 2);
      const mean = quadrature((phi) => law(phi) * Math.cos(phi), 0, angle) / quadrature(law, 0, angle);
      const square = quadrature((phi) => law(phi) * (Math.cos(phi) - mean) ** 2, 0, angle) / quadrature(law, 0, angle);
      const found = cosines.reduce((a, b) => a + b) / n;
      // Four standard errors.
      expect(Math.abs(found - mean)).toBeLessThan(4 * Math.sqrt(square / n));
      for (let i = 0; i < 5; i++) expect(Math.hypot(...x.subarray(i * d, (i + 1) * d))).toBeCloseTo(1, 12);
    }
  });

  it("is refused where it is none", () => {
    for (const [d, angle] of [
      [1, 1],
      [3, 0],
      [3, 4],
    ])
      expect(() => capCloud(5, d, angle, randomSource(0))).toThrow(/^(d|cap): /);
  });
});

describe("the rate of theorem 3 within a right angle", () => {
  it("bounds the fall of the farthest pair at all times, and is reached as tokens meet", async () => {
    for (const dynamics of ["sa", "usa"] as const) {
      for (const beta of [0, 1, 4]) {
        const [n, d] = [6, 3];
        const { x } = capCloud(n, d, Math.PI / 4, randomSource(3));
        const least = ({ n: count, x: rows }: { n: number; x: ArrayLike<number> }) =>
          Math.min(...innerProducts({ n: count, d, x: Float64Array.from(rows) }, true));
        const unit = dynamics === "usa" ? Math.exp(beta) : 1;
        const times = [0, 0.05, 0.1, 6, 7].map((t) => t / unit);
        const systems = [{ beta, x0: x }];
        const { clouds } = await record({ dynamics, n, d, systems, times, lift: true, rtol: 1e-11, atol: 1e-13 });
        const left = clouds[0].map((cloud) => 1 - least(cloud as { n: number; x: Float64Array }));
        for (let t = 1; t < times.length; t++) {
          const rate = Math.log(left[t - 1] / left[t]) / (times[t] - times[t - 1]);
          const { logBound, logLimit } = contractionRate(dynamics, n, beta, 1 - left[t - 1]);
          expect(rate).toBeGreaterThan(Math.exp(logBound!));
          // Near the end what is left is 1e-4 or less: bound and limit, 2 or 2e^β, are met to some of that. A factor would be seen.
          if (t === 4) {
            expect(rate / Math.exp(logLimit)).toBeCloseTo(1, 2);
            expect(Math.exp(logBound! - logLimit)).toBeGreaterThan(0.8);
          }
        }
      }
    }
  });

  it("is that of an equiangular cloud where all weights are one, and unknown beyond a right angle", () => {
    // ρ̇ = 2c(1 − ρ)((n − 1)ρ + 1), c = 1/n at β = 0.
    expect(Math.exp(contractionRate("sa", 5, 0, 0.3).logBound!)).toBeCloseTo((2 / 5) * (4 * 0.3 + 1), 14);
    expect(contractionRate("usa", 5, 1, -0.1).logBound).toBeNull();
    expect(contractionRate("sa", 5, -1, 0.5).logBound).toBeNull();
  });
});
