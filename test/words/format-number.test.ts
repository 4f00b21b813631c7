import { describe, expect, it } from "vitest";
import { formatFixed, formatSignificant, percent, percentRange } from "../../src/words/format-number.ts";

describe("numbers for reading", () => {
  it.each([
    [0.00099, "9.9e−4"],
    [0.001, "0.00100"],
    [999.4, "999"],
    [1000.4, "1000"],
    [99_999, "99999"],
    [100_001, "100001"],
    [999_999, "999999"],
    [1_000_000, "1.0e+6"],
    [-12.345, "−12.3"],
    [0, "0"],
    [null, "–"],
    [Number.NaN, "–"],
  ])("have three significant digits, and no exponent from 1e-3 up to 1e6: %s is %s", (value, text) => {
    expect(formatSignificant(value)).toBe(text);
  });

  it.each([
    [0.0004, "<0.001"],
    [-0.0004, ">−0.001"],
    [0.0006, "0.001"],
    [0, "0"],
    [undefined, "–"],
  ])("have three decimals, and a bound where only rounding would make them nothing: %s is %s", (value, text) => {
    expect(formatFixed(value)).toBe(text);
  });
});

describe("shares", () => {
  it.each([
    [0, "0 %"],
    [0.00009, "< 0.01 %"],
    [0.00011, "0.01 %"],
    [0.0049, "0.5 %"],
    [0.0099, "1 %"],
    [0.011, "1 %"],
    [0.989, "99 %"],
    [0.9901, "99.01 %"],
    [0.99999, "99.99 %"],
    [1, "100 %"],
    [-0.2, "−20 %"],
    [null, "–"],
  ])("have decimals only next to 0 and 100: %s is %s", (share, text) => {
    expect(percent(share)).toBe(text);
  });

  it("run from the least to the most, where these are told apart", () => {
    expect(percentRange([0.13, 0.02, 0.05])).toBe("2–13 %");
    expect(percentRange([0.131, 0.129])).toBe("13 %");
  });
});
