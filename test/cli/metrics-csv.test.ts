import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METRICS, type MetricRow } from "../../src/run/metrics.ts";

// −0 is written as 0: no reader tells them apart.
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0);
const bound = fc.option(number);
const rows: fc.Arbitrary<MetricRow> = fc.record({
  text: fc.nat(99),
  layer: fc.oneof(fc.nat(48), fc.constant("final_norm" as const)),
  measure: fc.constantFrom("mean_cosine", "mass_0.9", "effective_rank", "log_energy_9"),
  value: number,
  lo: bound,
  hi: bound,
  floor: bound,
  n: fc.integer({ min: 2, max: 4096 }),
  d: fc.integer({ min: 1, max: 8192 }),
});

describe("metrics.csv", () => {
  it("gives back every row that was written, to the last bit", () => {
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 8 }), (all) => {
        expect(METRICS.fromCsv(METRICS.toCsv(all))).toEqual(all);
      }),
    );
  });

  it("has exactly this header", () => {
    expect(METRICS.toCsv([])).toBe("text,layer,measure,value,lo,hi,floor,n,d\n");
  });

  it("reads lines that end as Windows ends them", () => {
    const csv = "text,layer,measure,value,lo,hi,floor,n,d\r\n0,final_norm,mean_cosine,0.5,,,,8,4\r\n";
    const row = { text: 0, layer: "final_norm", measure: "mean_cosine", value: 0.5 };
    expect(METRICS.fromCsv(csv)).toEqual([{ ...row, lo: null, hi: null, floor: null, n: 8, d: 4 }]);
  });

  it.each([
    ["another header", "text,layer,value\n"],
    ["nothing", ""],
    ["a cell too few", "text,layer,measure,value,lo,hi,floor,n,d\n0,0,mean_cosine,1,,,,8\n"],
    ["NaN", "text,layer,measure,value,lo,hi,floor,n,d\n0,0,mean_cosine,NaN,,,,8,4\n"],
    ["no value", "text,layer,measure,value,lo,hi,floor,n,d\n0,0,mean_cosine,,,,,8,4\n"],
    ["a word for a layer", "text,layer,measure,value,lo,hi,floor,n,d\n0,last,mean_cosine,1,,,,8,4\n"],
  ])("is refused with %s", (_what, csv) => {
    expect(() => METRICS.fromCsv(csv)).toThrow(expect.objectContaining({ kind: "input" }));
  });
});
