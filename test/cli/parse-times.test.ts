import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTimes } from "../../src/options/parse-times.ts";

const times = fc.double({ min: 0, max: 1e6, noNaN: true }).map((v) => v + 0);

describe("times", () => {
  it("are read from a list as they were written", () => {
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 10 }), (list) => {
        expect(parseTimes(list.join(","))).toEqual(list);
      }),
    );
  });

  it("are evenly spaced in a range, which begins at its start and ends at its end or the last step before", () => {
    const ranges = fc.record({
      start: fc.integer({ min: 0, max: 50 }),
      steps: fc.integer({ min: 0, max: 200 }),
      step: fc.constantFrom(0.1, 0.25, 0.3, 1, 7),
      more: fc.constantFrom(0, 0.5, 0.9),
    });
    fc.assert(
      fc.property(ranges, ({ start, steps, step, more }) => {
        const found = parseTimes(`${start}:${step}:${start + (steps + more) * step}`);
        expect(found).toHaveLength(steps + 1);
        expect(found[0]).toBe(start);
        found.forEach((t, i) => {
          expect(t).toBeCloseTo(start + i * step, 9);
        });
      }),
    );
  });

  it("are so many from first to last, both exactly, with 15 digits between", () => {
    const range = fc.record({
      first: fc.integer({ min: 0, max: 9 }),
      more: fc.integer({ min: 1, max: 99 }),
      count: fc.integer({ min: 2, max: 300 }),
    });
    fc.assert(
      fc.property(range, ({ first, more, count }) => {
        const last = first + more;
        const found = parseTimes(`${first}..${last}/${count}`);
        expect(found).toHaveLength(count);
        expect([found[0], found[count - 1]]).toEqual([first, last]);
        found.forEach((t, i) => {
          // 15 digits of a number below 110.
          expect(Math.abs(t - (first + (more * i) / (count - 1)))).toBeLessThan(1e-12);
        });
      }),
    );
    expect(parseTimes("0.1..9/90").slice(0, 4)).toEqual([0.1, 0.2, 0.3, 0.4]);
  });

  it("stand in equal ratios over hundreds of decades, both ends exact", () => {
    const found = parseTimes("3e-300..7e300/601/log");
    expect([found.length, found[0], found[600]]).toEqual([601, 3e-300, 7e300]);
    // 15 digits of a power of ten with an exponent of 300: its rounding is 300 ln 10 times 1e-16.
    for (let i = 1; i < 601; i++)
      expect(Math.abs(Math.log10(found[i] / found[i - 1]) - 600.368 / 600)).toBeLessThan(1e-6);
    expect(parseTimes("1e-2..1e2/5/log")).toEqual([0.01, 0.1, 1, 10, 100]);
  });

  it.each([
    "0..10/5/log",
    "10..1/5/log",
    "1..10/1/log",
    "1:10/5/log",
    "0..30",
    "0../200",
    "..30/200",
    "0..30/1",
    "0..30/2.5",
    "3..3/4",
    "0..Infinity/4",
    "0..1,2/4",
    "0..1/1e9",
    "",
    " ",
    "a",
    "1,,2",
    "1,",
    "0:1",
    "0:0:1",
    "0:-1:1",
    "1:1:0",
    "0:1:2:3",
    "0:1:2,3",
    "NaN",
    "Infinity",
    "0:1e-9:1",
  ])("are refused as a fault of the command line: %j", (text) => {
    expect(() => parseTimes(text)).toThrow(expect.objectContaining({ kind: "usage" }));
  });
});
