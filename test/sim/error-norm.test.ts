import { describe, expect, it } from "vitest";
import { errorNorm } from "../../sim/integrators/error-norm.ts";

const TOLERANCES = { rtol: 0, atol: 1e-3 };
const sphere = { n: 2, d: 2, geometry: "sphere" } as const;
/** (1, 0) and (0, 1), after three numbers that are not of this system. */
const x = Float64Array.of(9, 9, 9, 1, 0, 0, 1);

// A few roundings of numbers of size 1.
const DIGITS = 12;

describe("the error of a step", () => {
  it("is that of the worst token, not of the mean of all", () => {
    expect(errorNorm([Float64Array.of(0, 2e-3, 1e-3, 0)], x, 3, sphere, TOLERANCES)).toBeCloseTo(2, DIGITS);
  });

  it("leaves out what lies along a token on the sphere, and nowhere else", () => {
    const error = Float64Array.of(5e-3, 2e-3, 0, 7e-3);
    expect(errorNorm([error], x, 3, sphere, TOLERANCES)).toBeCloseTo(2, DIGITS);
    const free = { ...sphere, geometry: "free" } as const;
    expect(errorNorm([error], x, 3, free, TOLERANCES)).toBeCloseTo(7, DIGITS);
  });

  it("grows with the token where rtol counts", () => {
    const far = Float64Array.of(10, 0, 0, 1);
    const free = { ...sphere, geometry: "free" } as const;
    const tolerances = { rtol: 1e-3, atol: 1e-3 };
    expect(errorNorm([Float64Array.of(0, 11e-3, 0, 0)], far, 0, free, tolerances)).toBeCloseTo(1, DIGITS);
  });

  it("joins two estimates e, f as ‖e‖²/√(‖e‖² + ‖f‖²/100)", () => {
    const [e, f] = [Float64Array.of(0, 3e-3, 0, 0), Float64Array.of(0, 40e-3, 0, 0)];
    expect(errorNorm([e, f], x, 3, sphere, TOLERANCES)).toBeCloseTo(9 / 5, DIGITS);
  });

  it("is nothing without an estimate, and NaN where the state is not finite", () => {
    expect(errorNorm([], x, 3, sphere, TOLERANCES)).toBe(0);
    expect(errorNorm([], Float64Array.of(1, 0, Number.NaN, 1), 0, sphere, TOLERANCES)).toBeNaN();
  });
});
