import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wasserstein1Counts, wasserstein1Sorted, wasserstein1Weighted } from "../../probes/numerics/wasserstein1.ts";
import { fixedEdges } from "../../probes/products/bin-edges.ts";
import { countInto } from "../../probes/products/histogram.ts";

const value = fc.double({ min: -1, max: 1, noNaN: true });
const sample = fc.array(value, { minLength: 1, maxLength: 30 }).map((a) => Float64Array.from(a).sort());
const weighted = fc
  .array(fc.tuple(value, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 20 })
  .map((rows) => ({ values: Float64Array.from(rows, (r) => r[0]), weights: Float64Array.from(rows, (r) => r[1]) }));

/** Sums of up to 60 products of numbers of order 1, in another order. */
const rounding = 1e-13;

/** ∫ |F − G| by definition: both functions evaluated from scratch on every interval between values. */
function bruteForce(
  a: { readonly values: Float64Array; readonly weights: Float64Array },
  b: { readonly values: Float64Array; readonly weights: Float64Array },
): number {
  const cdf = ({ values, weights }: typeof a, s: number) => {
    const below = weights.reduce((sum, w, k) => (values[k] <= s ? sum + w : sum), 0);
    return below / weights.reduce((x, y) => x + y, 0);
  };
  const points = Float64Array.from([...a.values, ...b.values]).sort();
  let area = 0;
  for (let k = 0; k + 1 < points.length; k++) {
    area += Math.abs(cdf(a, points[k]) - cdf(b, points[k])) * (points[k + 1] - points[k]);
  }
  return area;
}

const ones = (values: Float64Array) => ({ values, weights: new Float64Array(values.length).fill(1) });

describe("W1 between sorted samples", () => {
  it("is the area between the distribution functions, whatever the sizes", () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        expect(Math.abs(wasserstein1Sorted(a, b) - bruteForce(ones(a), ones(b)))).toBeLessThan(rounding);
      }),
    );
  });

  it("is 0 from a sample to itself and to itself repeated", () => {
    fc.assert(
      fc.property(sample, (a) => {
        const twice = Float64Array.from([...a, ...a]).sort();
        expect(wasserstein1Sorted(a, a)).toBe(0);
        expect(wasserstein1Sorted(a, twice)).toBeLessThan(rounding);
      }),
    );
  });

  it("is symmetric and obeys the triangle inequality", () => {
    fc.assert(
      fc.property(sample, sample, sample, (a, b, c) => {
        expect(Math.abs(wasserstein1Sorted(a, b) - wasserstein1Sorted(b, a))).toBeLessThan(rounding);
        const detour = wasserstein1Sorted(a, b) + wasserstein1Sorted(b, c);
        expect(wasserstein1Sorted(a, c)).toBeLessThan(detour + rounding);
      }),
    );
  });

  it("is the length of a translation, and never below the difference of the means", () => {
    fc.assert(
      fc.property(sample, sample, value, (a, b, shift) => {
        const moved = a.map((v) => v + shift);
        expect(Math.abs(wasserstein1Sorted(a, moved) - Math.abs(shift))).toBeLessThan(rounding);
        const mean = (s: Float64Array) => s.reduce((x, y) => x + y, 0) / s.length;
        expect(wasserstein1Sorted(a, b)).toBeGreaterThan(Math.abs(mean(a) - mean(b)) - rounding);
      }),
    );
  });
});

describe("W1 between weighted samples", () => {
  it("is the area between the distribution functions", () => {
    fc.assert(
      fc.property(weighted, weighted, (a, b) => {
        const w1 = wasserstein1Weighted(a.values, a.weights, b.values, b.weights);
        expect(Math.abs(w1 - bruteForce(a, b))).toBeLessThan(rounding);
      }),
    );
  });

  it("takes a weight for as many equal values", () => {
    fc.assert(
      fc.property(weighted, sample, (a, b) => {
        const repeated = Float64Array.from(
          Array.from(a.values).flatMap((v, k) => new Array<number>(a.weights[k]).fill(v)),
        ).sort();
        const w1 = wasserstein1Weighted(a.values, a.weights, b, ones(b).weights);
        expect(Math.abs(w1 - wasserstein1Sorted(repeated, b))).toBeLessThan(rounding);
      }),
    );
  });

  it("leaves its arguments as they were", () => {
    const values = Float64Array.from([3, 1]);
    const weights = Float64Array.from([1, 2]);
    wasserstein1Weighted(values, weights, values, weights);
    expect([Array.from(values), Array.from(weights)]).toEqual([
      [3, 1],
      [1, 2],
    ]);
  });
});

describe("W1 between counts", () => {
  const bins = 500;
  const width = 2 / bins;
  const counted = (values: Float64Array) => {
    const counts = new Uint32Array(bins);
    countInto(values, fixedEdges(bins), counts);
    return counts;
  };

  it("is at most one width from that of the values", () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const w1 = wasserstein1Counts(counted(a), counted(b), width);
        expect(Math.abs(w1 - wasserstein1Sorted(a, b))).toBeLessThan(width + rounding);
      }),
    );
  });

  it("is exact for values on the bin centres", () => {
    const centres = (ks: readonly number[]) => Float64Array.from(ks, (k) => -1 + (k + 0.5) * width);
    const [a, b] = [centres([3, 90, 400]), centres([3, 91, 91, 499])];
    expect(wasserstein1Counts(counted(a), counted(b), width)).toBeCloseTo(wasserstein1Sorted(a, b), 13); // as `rounding`
  });
});
