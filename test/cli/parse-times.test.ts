import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTimes } from "../../src/options.ts";

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

  it.each([
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
