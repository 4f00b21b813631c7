import { describe, expect, it } from "vitest";
import { differenceOf, pairedDifference, ratioOf, studentQuantile } from "../../src/collection/difference.ts";

describe("a difference of two estimates", () => {
  it("of symmetric intervals is that of independent errors: half widths add in squares", () => {
    const { value, lo, hi } = differenceOf({ value: 1, lo: 0.7, hi: 1.3 }, { value: 3, lo: 2.6, hi: 3.4 });
    expect(value).toBe(2);
    expect([lo, hi]).toEqual([expect.closeTo(1.5, 12), expect.closeTo(2.5, 12)]);
  });

  it("has the interval of the other with its sign turned when the two change places", () => {
    const [a, b] = [
      { value: 1, lo: 0.9, hi: 1.4 },
      { value: 2, lo: 1.2, hi: 2.1 },
    ];
    const [there, back] = [differenceOf(a, b), differenceOf(b, a)];
    expect([there.lo, there.hi]).toEqual([-back.hi!, -back.lo!]);
  });

  it("has no interval where one has none, or lies outside its own", () => {
    const known = { value: 1, lo: 0.5, hi: 2 };
    expect(differenceOf(known, { value: 2, lo: null, hi: 3 })).toEqual({ value: 1, lo: null, hi: null });
    expect(ratioOf({ value: 4, lo: 5, hi: 6 }, known)).toEqual({ value: expect.closeTo(0.25, 12), lo: null, hi: null });
  });

  it("is a ratio on the scale of logarithms", () => {
    const { value, lo, hi } = ratioOf({ value: 2, lo: 1, hi: 4 }, { value: 8, lo: 4, hi: 16 });
    const half = Math.hypot(Math.log(2), Math.log(2));
    expect([value, lo, hi].map((one) => Math.log(one!))).toEqual(
      [0, -half, half].map((one) => expect.closeTo(Math.log(4) + one, 12)),
    );
  });
});

describe("a difference over texts", () => {
  it("has Student's quantiles, of the tables", () => {
    for (const [freedom, t] of [
      [1, 12.7062],
      [2, 4.30265],
      [10, 2.22814],
      [1000, 1.96234],
    ]) {
      expect(Math.abs(studentQuantile(freedom) - t)).toBeLessThan(5e-5); // The tables have so many digits.
    }
  });

  it("pairs texts, so that what they have in common goes", () => {
    const { value, lo, hi } = pairedDifference([0.1, 0.5, 0.9], [0.2, 0.6, 1.0]);
    expect([value, lo, hi]).toEqual([0.1, 0.1, 0.1].map((one) => expect.closeTo(one, 12)));
    expect(pairedDifference([0.1, 0.5], [0.2, 0.6])).toMatchObject({ lo: null, hi: null });
  });
});
