import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { renderSvg } from "../../src/draw/render.ts";
import { betaByHead, headBetaRows } from "../../src/figures/betaByHead.ts";
import { chooseLayers } from "../../src/figures/parts/choose-layers.ts";
import { courseInWords } from "../../src/figures/parts/course-in-words.ts";
import {
  isotropicBins,
  type LayerHistogramRow,
  layerHistogramsRows,
} from "../../src/figures/parts/layer-histogram-rows.ts";
import { layerStatistics } from "../../src/figures/parts/layer-statistics.ts";
import { mergeBins } from "../../src/figures/parts/merge-bins.ts";
import { roundTicks } from "../../src/figures/parts/round-ticks.ts";
import { updateShareRows, updateShares } from "../../src/figures/updateShares.ts";
import type { AttentionRow } from "../../src/run/rows/attention-row.ts";
import type { UpdateRow } from "../../src/updates/update-row.ts";
import { policyInWords } from "../../src/words/policy-in-words.ts";
import { smallRun } from "./small-run.ts";

describe("the layers that get a panel", () => {
  const sizes = fc.integer({ min: 1, max: 120 });

  test("are all of them while they fit, else the first, the last and evenly spaced ones", () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 2, max: 20 }), (count, most) => {
        const layers = Array.from({ length: count }, (_, k) => k);
        const chosen = chooseLayers(layers, { most });
        expect(chosen).toHaveLength(Math.min(count, most));
        expect([chosen[0], chosen.at(-1)]).toEqual([0, count - 1]);
        const gaps = chosen.slice(1).map((layer, k) => layer - chosen[k]!);
        // Rounding to whole layers makes neighbouring gaps differ by one at most.
        expect(Math.max(0, ...gaps) - Math.min(count, ...gaps)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("can be asked for, as the survey's 0, 5, 30, 48", () => {
    const layers = Array.from({ length: 49 }, (_, k) => k);
    expect(chooseLayers(layers, { layers: [0, 5, 30, 48] })).toEqual([0, 5, 30, 48]);
  });

  test("are all thirteen of a model with twelve blocks", () => {
    const layers = Array.from({ length: 13 }, (_, k) => k);
    expect(chooseLayers(layers)).toEqual(layers);
    expect(chooseLayers(Array.from({ length: 17 }, (_, k) => k))).toHaveLength(16);
  });

  test("must have been observed", () => {
    expect(() => chooseLayers([0, 1], { layers: [0, 7] })).toThrow(/unknown layer: 7\. this run has the layers 0, 1/);
  });
});

describe("a title's course", () => {
  const words = (...values: readonly number[]) =>
    courseInWords(
      values.map((value, layer) => ({ layer, value })),
      { write: (value) => value.toFixed(2), slack: 0.01 },
    );

  test("says what the curve does between its ends", () => {
    expect(words(0.1, 0.3, 0.5)).toBe("rises from 0.10 (layer 0) to 0.50 (layer 2)");
    expect(words(0.1, 0.6, 0.2)).toBe("rises from 0.10 (layer 0) to 0.60 (layer 1), then falls to 0.20 (layer 2)");
    expect(words(0.5, 0.1, 0.9, 0.6)).toBe(
      "falls from 0.50 (layer 0) to 0.10 (layer 1), then rises to 0.90 (layer 2), then falls to 0.60 (layer 3)",
    );
    expect(words(0.3, 0.305)).toBe("goes from 0.30 (layer 0) to 0.30 (layer 1)");
    expect(words(0.3)).toBe("is 0.30 (layer 0)");
  });

  test("leaves out a turn of less than a tenth of the range", () => {
    expect(words(0, 1, 0.92)).toBe("rises from 0.00 (layer 0) to 0.92 (layer 2)");
    expect(words(0, 1, 0.88)).toMatch(/then falls to 0\.88/);
  });
});

describe("isotropic bins", () => {
  test("sum to 1 and match Simpson's rule on the density of the angle, for narrow and wide spheres", () => {
    const edges = Array.from({ length: 81 }, (_, k) => -1 + k / 40);
    for (const d of [2, 3, 24, 768]) {
      const bins = isotropicBins(edges, d);
      expect(bins.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      const masses = edges
        .slice(1)
        .map((right, k) => simpson(Math.acos(right), Math.acos(edges[k]!), (t) => Math.sin(t) ** (d - 2)));
      const total = masses.reduce((a, b) => a + b, 0);
      // Simpson's rule with 200 steps a bin is exact to 1e-9 at the sharpest peak, d = 768.
      for (const [k, bin] of bins.entries()) expect(Math.abs(bin - masses[k]! / total)).toBeLessThan(1e-8);
    }
  });
});

function simpson(a: number, b: number, f: (t: number) => number): number {
  const h = (b - a) / 200;
  let sum = f(a) + f(b);
  for (let k = 1; k < 200; k++) sum += (k % 2 === 1 ? 4 : 2) * f(a + k * h);
  return (sum * h) / 3;
}

describe("merged bins", () => {
  test("are at most as many as asked for, keep both ends and all probability", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 120 }),
        (curve, most) => {
          const edges = Array.from({ length: curve.length + 1 }, (_, k) => k);
          const merged = mergeBins({ edges, curves: [curve] }, most);
          expect(merged.edges.length - 1).toBeLessThanOrEqual(most);
          expect([merged.edges[0], merged.edges.at(-1)]).toEqual([0, curve.length]);
          const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
          // Sums of at most 300 numbers below 1, added in another order.
          expect(Math.abs(total(merged.curves[0]!) - total(curve))).toBeLessThan(1e-11);
        },
      ),
    );
  });
});

describe("rows of the histograms", () => {
  const area = (rows: readonly LayerHistogramRow[]) =>
    rows.slice(0, -1).reduce((sum, row, k) => sum + row.density * (rows[k + 1]!.x - row.x), 0);
  const seriesOf = (rows: readonly LayerHistogramRow[]) => [...new Set(rows.map(({ series }) => series))];

  test("are densities: every outline encloses area 1 in every layer, whatever the bins", () => {
    for (const bins of [20, 64, 400]) {
      const rows = layerHistogramsRows(smallRun({ bins }).fit);
      for (const layer of [0, 1, 2, 3]) {
        for (const curve of ["observed", "sa", "usa", "isotropic"]) {
          // Heights are kept to five digits.
          expect(area(rows.filter((row) => row.layer === layer && row.series === curve))).toBeCloseTo(1, 4);
        }
      }
    }
  });

  test("from counts equal those from the fit where both hold the same distribution", () => {
    const run = smallRun({ n: 400 });
    const fromCounts = layerHistogramsRows(run.histograms);
    const fromFit = layerHistogramsRows(run.fit);
    for (const row of fromFit.filter(({ series }) => series === "observed")) {
      const same = fromCounts.find((one) => one.series === "observed" && one.layer === row.layer && one.x === row.x);
      // Counts are rounded to whole pairs, of 79 800: half a pair in a bin of width .1 is a density of 6e-5.
      if (same) expect(Math.abs(same.density - row.density)).toBeLessThan(2e-4);
    }
    expect(seriesOf(fromCounts)).toEqual(["observed", "isotropic"]);
    expect(seriesOf(fromFit)).toEqual(["observed", "sa", "usa", "isotropic"]);
  });

  test("leave out a final norm: it is no point of the residual stream", () => {
    const { histograms } = smallRun();
    const texts = histograms.texts.map((text) => ({
      ...text,
      layers: [...text.layers, { layer: "final_norm" as const, counts: text.layers[0]!.counts }],
    }));
    expect(layerHistogramsRows({ ...histograms, texts })).toEqual(layerHistogramsRows(histograms));
  });
});

describe("measures by layer", () => {
  test("of one text keep its bounds; of several they are the mean and the range", () => {
    const one = layerStatistics(smallRun().metrics, "mean_cosine")[1]!;
    expect(one.hi! - one.lo!).toBeCloseTo(0.06, 12);
    const three = layerStatistics(smallRun({ texts: 3 }).metrics, "mean_cosine")[1]!;
    expect(three.value).toBeCloseTo(one.value + 0.01, 12);
    expect([three.lo, three.hi]).toEqual([one.value, one.value + 0.02]);
  });
});

describe("round ticks", () => {
  test("are 1, 2 or 5 times a power of ten, within the range, and apart", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 10, noNaN: true }),
        fc.double({ min: 1.5, max: 1e4, noNaN: true }),
        (lo, ratio) => {
          const place = (value: number) => Math.log(value / lo) / Math.log(ratio);
          const ticks = roundTicks([lo, lo * ratio], place, 0.1);
          for (const [k, tick] of ticks.entries()) {
            expect([1, 2, 5]).toContain(Number(tick.toExponential(6).split("e")[0]));
            expect(tick).toBeGreaterThanOrEqual(lo);
            expect(tick).toBeLessThanOrEqual(lo * ratio);
            if (k > 0) expect(place(tick) - place(ticks[k - 1]!)).toBeGreaterThanOrEqual(0.1);
          }
        },
      ),
    );
  });
});

describe("a policy in words", () => {
  test("is read in camelCase and snake_case alike", () => {
    const words = "pairs i < j, special tokens dropped, tokens scaled to length 1";
    expect(policyInWords({ specialTokens: "drop", normalize: "l2", diagonal: "exclude" })).toBe(words);
    expect(policyInWords({ special_tokens: "drop", normalize: "l2", diagonal: "exclude" })).toBe(words);
  });

  test("says when nothing was known of special tokens, and which directions were removed", () => {
    expect(policyInWords({ specialTokens: "drop", specialKnown: false })).toMatch(/^all tokens kept/);
    expect(policyInWords({ center: "abtt:3" })).toBe("mean and top 3 directions removed");
  });
});

describe("shares of the updates", () => {
  const row = (field: string, added: number | null, without = 0.5) =>
    ({ layer: 0, field, added, without_selection: without }) as UpdateRow;
  const sharesOf = (rows: readonly UpdateRow[]) => updateShareRows(rows).map(({ share }) => share);

  it("add up to 1, attention's part beyond averaging's", () => {
    expect(sharesOf([row("averaging", 0.1), row("sa", 0.3), row("usa", 0.2)])).toEqual(
      [0.5, 0.1, 0.2, 0.2].map((share) => expect.closeTo(share, 12)),
    );
  });

  it("are none where a field adds less than nothing, and never more than what is left", () => {
    expect(sharesOf([row("averaging", -0.2), row("sa", null)])).toEqual([0.5, 0, 0, 0.5]);
    expect(sharesOf([row("sa", 0.9, 0.8)])[3]).toBeCloseTo(0, 12);
    expect(updateShareRows([])).toEqual([]);
  });
});

describe("β of every head", () => {
  it("is the mean over texts, without heads that have none", () => {
    const row = (text: number, head: number, beta: number | null) =>
      ({ text, layer: 0, head, beta, r2: beta === null ? null : 0.5 }) as AttentionRow;
    const rows = headBetaRows([row(0, 0, 2), row(1, 0, 4), row(0, 1, null)]);
    expect(rows).toEqual([{ layer: 0, head: 0, beta: 3, r2: 0.5 }]);
  });

  it("and the shares are drawn without warnings", async () => {
    const shares = updateShareRows([{ layer: 0, field: "sa", added: 0.1, without_selection: 0.4 } as UpdateRow]);
    const heads = [0, 1].map((head) => ({ layer: 0, head, beta: head, r2: 0.5 }));
    for (const spec of [updateShares(shares), betaByHead(heads)]) expect(await renderSvg(spec)).toContain("<svg");
  });
});
