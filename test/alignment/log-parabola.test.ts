import { describe, expect, it } from "vitest";
import { lowestBeta } from "../../src/alignment/log-parabola.ts";

const BETAS = [2, 3, 4.2, 5.5, 8];

describe("the lowest β between those tried", () => {
  it.each([3.1, 4, 5.2])("is exact for a corner at %f, which distances have where the fit is exact", (right) => {
    const values = BETAS.map((beta) => 0.3 * Math.abs(Math.log(beta / right)));
    expect(lowestBeta(BETAS, values)).toBeCloseTo(right, 10);
  });

  it("is exact for a root of a parabola, which distances have where noise is left", () => {
    const values = BETAS.map((beta) => Math.sqrt(0.04 + 0.1 * Math.log(beta / 3.7) ** 2));
    expect(lowestBeta(BETAS, values)).toBeCloseTo(3.7, 10);
  });

  it("is the end where the smallest is at an end, and the value itself of one alone", () => {
    expect(lowestBeta(BETAS, [1, 2, 3, 4, 5])).toBe(2);
    expect(lowestBeta(BETAS, [5, 4, 3, 2, 1])).toBe(8);
    expect(lowestBeta([3], [1])).toBe(3);
  });
});
