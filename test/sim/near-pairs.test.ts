import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { energyOf } from "../../probes/products/energy.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { nearPairs } from "../../sim/clouds/near-pairs.ts";
import { pairStatistics } from "../../sim/clouds/pair-statistics.ts";
import { renormalize } from "../../sim/clouds/renormalize.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { harmonicLogMean } from "../../sim/engines/harmonic/harmonic-energy.ts";

/** Uniform tokens, some of them drawn together into clusters of the given width. */
function clustered(n: number, d: number, width: number): Float64Array {
  const random = randomSource(7);
  const { x } = uniformCloud(n, d, random);
  for (let i = 5; i < n; i++)
    for (let k = 0; k < d; k++) x[i * d + k] = x[(i % 5) * d + k] + width * (x[i * d + k] - x[(i % 5) * d + k]);
  renormalize(x, 0, n, d, x);
  return x;
}

describe("pairs of many tokens", () => {
  it.each([2, 3])("are counted as one by one, d = %i", (d) => {
    for (const width of [1, 0.1, 1e-4, 0]) {
      const n = 733;
      const x = clustered(n, d, width);
      const products = innerProducts({ n, d, x }, false);
      const countFrom = nearPairs(x, n, d);
      for (const t of [-0.5, 0.3, 0.9, 0.999])
        expect(countFrom(t)).toBe(products.reduce((sum, product) => sum + Number(product >= t), 0));
    }
  });

  it("serve the statistics from a thousand tokens on, and a count is not of ordered pairs", () => {
    const n = 1000;
    const { x } = uniformCloud(n, 3, randomSource(3));
    const { probability } = pairStatistics(n, 3, 0)(x);
    // Half of all pairs; standard error 1/√(2 n²).
    expect(Math.abs(probability - 0.5)).toBeLessThan(0.01);
  });

  it.each([2, 3] as const)("have the energy of all pairs by harmonics, weights and all, d = %i", (d) => {
    const n = 64;
    const x = clustered(n, d, 0.5);
    const products = innerProducts({ n, d, x }, true);
    const masses = Float64Array.from({ length: n }, (_, i) => (2 * (i + 1)) / (n * (n + 1)));
    for (const beta of [0.1, 3, 40]) {
      const plain = Math.log(energyOf(products, n, beta).scaled ?? Number.NaN);
      // The sums promise 1e-10 of the largest.
      expect(harmonicLogMean(x, n, d, beta)).toBeCloseTo(plain, 9);
      const weighted = Math.log(energyOf(products, n, beta, masses).scaled ?? Number.NaN);
      expect(harmonicLogMean(x, n, d, beta, masses)).toBeCloseTo(weighted, 9);
    }
  });
});
