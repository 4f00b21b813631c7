import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixedEdges, freedmanDiaconisEdges, rangeEdges } from "../../probes/products/bin-edges.ts";
import { density, histogram, sortedHistogram } from "../../probes/products/histogram.ts";

const cosines = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 200 });

describe("the histogram", () => {
  it("has 200 bins on [−1, 1] by default, with exact ends", () => {
    const edges = fixedEdges();
    expect([edges.length, edges[0], edges[100], edges[200]]).toEqual([201, -1, 0, 1]);
  });

  it("counts every value of [−1, 1] exactly once, where the edges say", () => {
    fc.assert(
      fc.property(cosines, fc.integer({ min: 1, max: 300 }), (values, bins) => {
        const { counts, edges, total, outside } = histogram(values, fixedEdges(bins));
        const expected = counts.map((_, b) => {
          const last = b === bins - 1;
          return values.filter((v) => v >= edges[b] && (v < edges[b + 1] || (last && v === edges[b + 1]))).length;
        });
        expect(counts).toEqual(expected);
        expect([total, outside]).toEqual([values.length, 0]);
      }),
    );
  });

  it("is the same of values that ascend, edges and what lies beyond them among the values", () => {
    fc.assert(
      fc.property(
        cosines,
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: -0.9, max: -0.1, noNaN: true }),
        (some, bins, lo) => {
          const edges = fixedEdges(bins, lo, 0.5);
          const sorted = Float64Array.from([...some, ...edges]).sort();
          expect(sortedHistogram(sorted, edges)).toEqual(histogram(sorted, edges));
        },
      ),
    );
    expect(sortedHistogram(new Float64Array(0), fixedEdges(3))).toEqual(histogram([], fixedEdges(3)));
  });

  it("puts a value on an edge to its right, and the last edge into the last bin", () => {
    const edges = fixedEdges();
    const { counts } = histogram(edges, edges);
    expect(counts).toEqual([...new Array(199).fill(1), 2]);
  });

  it("counts as outside what lies beyond the edges or is not a number", () => {
    const { total, outside } = histogram([-2, 0, 1.5, Number.NaN], fixedEdges(4));
    expect([total, outside]).toEqual([1, 3]);
  });

  it("has a density that integrates to 1", () => {
    const h = histogram([-0.5, 0.1, 0.11, 0.9], fixedEdges(20));
    // Twenty products of order 1.
    expect(density(h).reduce((s, v, b) => s + v * (h.edges[b + 1] - h.edges[b]), 0)).toBeCloseTo(1, 14);
    expect(density(histogram([], fixedEdges(2)))).toEqual([0, 0]);
  });

  it("survives a trip through JSON", () => {
    const h = histogram([0.2, 0.3], fixedEdges(3));
    expect(JSON.parse(JSON.stringify(h))).toEqual(h);
  });
});

describe("edges given by the data", () => {
  it("span the range, or a unit around values that coincide", () => {
    expect(Array.from(rangeEdges(Float64Array.from([3, -1, 2]), 4))).toEqual([-1, 0, 1, 2, 3]);
    expect(Array.from(rangeEdges(Float64Array.from([2, 2]), 2))).toEqual([1.5, 2, 2.5]);
  });

  it("follow Freedman and Diaconis as NumPy does", () => {
    // NumPy 2.4: len(numpy.histogram_bin_edges(numpy.arange(800) ** p / 1e6, "fd")) - 1.
    const bins = (p: number) =>
      freedmanDiaconisEdges(Float64Array.from({ length: 800 }, (_, k) => k ** p / 1e6)).length - 1;
    expect([bins(1), bins(2), bins(3)]).toEqual([10, 10, 12]);
  });

  it("are 4096 where the quartiles coincide, one where all values do, and never more than 4096", () => {
    expect(freedmanDiaconisEdges(Float64Array.from([0, 1, 1, 1, 1, 1, 2])).length).toBe(4097);
    expect(freedmanDiaconisEdges(Float64Array.from([1, 1, 1])).length).toBe(2);
    const narrow = Float64Array.from({ length: 1000 }, (_, k) => (k === 0 ? 1 : k * 1e-12));
    expect(freedmanDiaconisEdges(narrow).length).toBe(4097);
  });
});
