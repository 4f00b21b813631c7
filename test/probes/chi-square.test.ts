import { describe, expect, it } from "vitest";
import { chiSquareTail } from "../../probes/numerics/chi-square.ts";

describe("the tail of χ²", () => {
  it.each([
    // Two degrees of freedom: e^{−x/2}.
    [1, 2, Math.exp(-0.5)],
    [30, 2, Math.exp(-15)],
    // Four: (1 + x/2) e^{−x/2}.
    [7, 4, 4.5 * Math.exp(-3.5)],
    // Quantiles that tables print (Abramowitz and Stegun, table 26.8), to their digits.
    [3.841458820694124, 1, 0.05],
    [6.634896601021213, 1, 0.01],
    [18.307038053275146, 10, 0.05],
    [124.34211340400407, 100, 0.05],
  ])("beyond %f with %i degrees of freedom", (x, df, p) => {
    expect(Math.abs(chiSquareTail(x, df) / p - 1)).toBeLessThan(1e-10);
  });

  it("is 1 at 0, 0 at infinity, and falls between", () => {
    expect([chiSquareTail(0, 3), chiSquareTail(Number.POSITIVE_INFINITY, 3)]).toEqual([1, 0]);
    const tails = Array.from({ length: 60 }, (_, i) => chiSquareTail(0.3 * (i + 1), 3));
    for (let i = 1; i < tails.length; i++) expect(tails[i]).toBeLessThan(tails[i - 1]);
  });
});
