import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averages } from "../../src/simulations/mean-and-error.ts";

function of(values: readonly number[]) {
  const one = averages(1);
  for (const value of values) one.add(0, value);
  const { mean, error } = one.result();
  return { mean: mean[0], error: error[0] };
}

describe("means over paths", () => {
  it("have the standard error √(Σ(x − x̄)²/(n − 1)/n): that of 1, 2 and 4 is √(14/3/2/3)", () => {
    const { mean, error } = of([1, 2, 4]);
    expect(mean).toBeCloseTo(7 / 3, 14);
    // By n it would be √(14/3/3/3) = .72.
    expect(error).toBeCloseTo(Math.sqrt(7 / 9), 14);
  });

  it("agree with sums taken in two passes, far from 0 too", () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.constantFrom(0, 1e6), (spread, far) => {
        const x = spread.map((value) => far + value);
        const mean = x.reduce((a, b) => a + b) / x.length;
        const squares = x.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        const told = of(x);
        // Values of size 1e6 are kept to 1e-10, and so are their differences.
        expect(Math.abs(told.mean! - mean)).toBeLessThan(1e-9);
        expect(Math.abs(told.error! - Math.sqrt(squares / (x.length - 1) / x.length))).toBeLessThan(1e-8);
      }),
    );
  });

  it("have no error with one value and no mean with none", () => {
    expect(of([3])).toEqual({ mean: 3, error: null });
    expect(of([])).toEqual({ mean: null, error: null });
  });
});
