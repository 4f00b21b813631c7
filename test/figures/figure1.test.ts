import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { renderSvg } from "../../src/draw/render.ts";
import { figure1 } from "../../src/figures/figure1.ts";
import { drawnLimits, type Figure1Row, figure1Rows } from "../../src/figures/figure1-rows.ts";
import { withoutDiagonal } from "../../src/figures/parts/without-diagonal.ts";
import { variantsInWords } from "../../src/figures/variants-in-words.ts";
import { variantsByLayer } from "../../src/figures/variantsByLayer.ts";
import type { MetricRow } from "../../src/run/metrics.ts";
import type { VariantRun, VariantSet } from "../../src/run/variant-set.ts";
import { fixedDigits } from "../../src/words/format-number.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { compareSnapshot } from "./snapshot.ts";

const N = 40;
const PANELS = [0, 5, 30, 48];

/** Counts of a bump on bins of its own, and the diagonal in the last bin. */
function bump(layer: number, mean: number, sd: number, bins: number, lo = -0.3) {
  const edges = Array.from({ length: bins + 1 }, (_, k) => lo + ((1 - lo) * k) / bins);
  const counts = edges
    .slice(1)
    .map((right, k) => Math.round(2000 * Math.exp(-((((right + edges[k]) / 2 - mean) / sd) ** 2) / 2)));
  counts[bins - 1] += N;
  return { layer, counts, edges };
}

/** A reading whose bump goes from 0.1 to `end`; measures are those that `end` would give, the diagonal counted. */
function reading(name: string, label: string, end: number, texts = 1): VariantRun {
  const share = (layer: number) => (end > 0.9 ? (layer / 48) ** 2 : 0);
  const metric = (text: number, layer: number, measure: string, value: number): MetricRow => ({
    ...{ text, layer, measure, n: N, d: 8, lo: null, hi: null, floor: 1 / N },
    value: ((N - 1) * value + 1) / N,
  });
  const mean = (layer: number) => 0.1 + ((end - 0.1) * layer) / 48;
  const list = Array.from({ length: texts }, (_, text) => text);
  return {
    name,
    label,
    words: `made up to end at ${end}`,
    metrics: list.flatMap((text) =>
      PANELS.flatMap((layer) => [
        metric(text, layer, "mean_cosine", mean(layer)),
        metric(text, layer, "mass_0.9", Math.max(0, share(layer) - 0.01 * text)),
      ]),
    ),
    histograms: {
      format: "tokensphere/histograms",
      version: 1,
      edges: [-1, 0, 1],
      texts: list.map((text) => ({
        ...{ text, n: N, d: 8 },
        layers: PANELS.map((layer) =>
          bump(layer, mean(layer), end > 0.9 && layer > 5 ? 0.01 : 0.15, 12 + Math.round(layer / 4)),
        ),
      })),
    },
  };
}

const set: VariantSet = deepFreeze({
  title: "Inner products layer by layer",
  contrast: "with different numbers of heads",
  panels: PANELS,
  x: [-0.3, 1.05],
  diagonal: true,
  trainedDepth: 30,
  remarks: ["the diagonal is included"],
  variants: [reading("published", "1 head", 0.97), reading("own-heads", "4 heads", 0.3)],
});
const figures = { figure1: figure1(set, "n = 40, d = 8"), variantsByLayer: variantsByLayer(set, "n = 40, d = 8") };

const rowsOf = (rows: readonly Figure1Row[], variant: string, layer: unknown) =>
  rows.filter((row) => row.variant === variant && row.layer === layer);
const area = (rows: readonly Figure1Row[]) =>
  rows.slice(1).reduce((sum, { x }, k) => sum + rows[k].density * (x - rows[k].x), 0);

const schema = createRequire(import.meta.url)("vega-lite/vega-lite-schema.json") as object;
// The schema names formats (uri, color) that only annotate.
const valid = new Ajv({ strict: false, validateFormats: false }).compile(schema);

describe.each(Object.entries(figures))("%s", (name, spec) => {
  test("is valid against the Vega-Lite schema, and not with a mark that it does not know", () => {
    expect(valid(spec), JSON.stringify(valid.errors)?.slice(0, 500)).toBe(true);
    expect(valid(JSON.parse(JSON.stringify(spec).replace('"type":"line"', '"type":"lime"')))).toBe(false);
  });

  test("is drawn without warnings, leaves its specification untouched, and equals its snapshot", async () => {
    const svg = await renderSvg(deepFreeze(structuredClone(spec)));
    expect(compareSnapshot(name, svg)).toBeNull();
    expect(svg.length, "snapshots stay small").toBeLessThan(60_000);
  });
});

describe("the panels of Figure 1", () => {
  test("have densities of area 1 on the bins that were counted", () => {
    const rows = rowsOf(figure1Rows(set), "own-heads", 30);
    // Five digits are kept of each density and six of each place.
    expect(area(rows)).toBeCloseTo(1, 4);
    const { edges, counts } = bump(30, 0.1 + (0.2 * 30) / 48, 0.15, 20);
    const total = counts.reduce((a, b) => a + b, 0);
    const drawn = rows.slice(1, -2);
    expect(drawn).toHaveLength(20);
    drawn.forEach(({ x, density }, k) => {
      expect(x).toBeCloseTo(edges[k], 5);
      expect(density).toBeCloseTo(counts[k] / (total * (edges[k + 1] - edges[k])), 3);
    });
  });

  test("average several texts, each with its own bins and the same weight", () => {
    const two = { ...set, variants: [reading("published", "1 head", 0.3, 2)] };
    const [a, b] = two.variants[0].histograms.texts;
    const other = { ...b, layers: b.layers.map(({ layer }) => bump(Number(layer), 0.6, 0.05, 97)) };
    const mixed = {
      ...two,
      variants: [{ ...two.variants[0], histograms: { ...two.variants[0].histograms, texts: [a, other] } }],
    };
    const rows = rowsOf(figure1Rows(mixed), "published", 0);
    expect(area(rows)).toBeCloseTo(1, 4);
    const above = area(rows.filter(({ x }) => x >= 0.4));
    // The second text lies above .4, the first all but its diagonal and a tail below: a half, to a bin's width.
    expect(Math.abs(above - 0.5)).toBeLessThan(0.05);
  });

  test("show a cluster of equal values as a spike at its place, not over a whole bin of width 1", () => {
    const equal = { layer: 48, counts: [N * N], edges: [0.5, 1.5] };
    const { histograms, ...rest } = reading("published", "1 head", 0.97);
    const texts = histograms.texts.map((text) => ({ ...text, layers: [...text.layers.slice(0, 3), equal] }));
    const rows = rowsOf(
      figure1Rows({ ...set, variants: [{ ...rest, histograms: { ...histograms, texts } }] }),
      "published",
      48,
    );
    const spike = rows.filter(({ density }) => density > 0);
    expect(spike).toHaveLength(1);
    expect(spike[0].x).toBeGreaterThan(0.99);
    // No narrower than a pixel: a height beyond all measure would not be drawn.
    expect(spike[0].density).toBeLessThan(200);
  });

  test("share one scale of densities, and say how high a peak is that goes beyond it", () => {
    const tops = JSON.stringify(figures.figure1).match(/"domain":\[0,[\d.]+\]/g)!;
    expect(tops).toHaveLength(2 * PANELS.length);
    expect(new Set(tops).size).toBe(1);
    const top = Number(/,([\d.]+)\]/.exec(tops[0])![1]);
    const peaks = set.variants.flatMap(({ name }) =>
      PANELS.map((layer) => Math.max(...rowsOf(figure1Rows(set), name, layer).map(({ density }) => density))),
    );
    const cut = JSON.stringify(figures.figure1).match(/cut: peak \d+/g) ?? [];
    expect(cut).toHaveLength(peaks.filter((peak) => peak > 1.001 * top).length);
    expect(cut.length).toBeGreaterThan(0);
  });

  test("begin at −0.3 as in the notebook, and further left only where values would be cut off", () => {
    expect(drawnLimits(set)).toEqual([-0.3, 1.05]);
    const { histograms, ...rest } = reading("own-heads", "4 heads", 0.3);
    const texts = histograms.texts.map((text) => ({
      ...text,
      layers: text.layers.map(({ layer }) => bump(Number(layer), -0.4, 0.1, 60, -0.8)),
    }));
    const low = { ...set, variants: [set.variants[0], { ...rest, histograms: { ...histograms, texts } }] };
    const [left] = drawnLimits(low);
    expect(left).toBeLessThan(-0.5);
    expect(left).toBeGreaterThanOrEqual(-0.8);
    expect(area(rowsOf(figure1Rows(low), "own-heads", 5))).toBeGreaterThan(0.99);
  });

  test("are at most four in a row, with a row for each reading", () => {
    const many = { ...set, panels: [0, 5, 30, 48, 0, 5, 30, 48] };
    const { vconcat } = figure1(many) as unknown as { vconcat: { hconcat: unknown[] }[] };
    expect(vconcat.map(({ hconcat }) => hconcat.length)).toEqual([4, 4, 4, 4]);
  });
});

describe("the numbers of pairs i ≠ j", () => {
  test("are those of the whole Gram matrix without its diagonal", () => {
    const [row] = withoutDiagonal([
      {
        text: 0,
        layer: 1,
        measure: "mean_cosine",
        value: (2 * 0.25 * 3 + 3) / 9,
        lo: 0,
        hi: 1,
        floor: 1 / 3,
        n: 3,
        d: 2,
      },
    ]);
    // Twelve decimals are kept.
    expect(row.value).toBeCloseTo(0.25, 11);
    expect(row.floor).toBe(0);
    expect([row.lo, row.hi]).toEqual([null, null]);
  });
});

describe("what is said of the readings", () => {
  const say = (a: number, b: number) =>
    variantsInWords({ ...set, variants: [reading("published", "1 head", a), reading("own-heads", "4 heads", b)] });

  test("tells the collapse of one from that of the other, and from that of both", () => {
    expect(say(0.97, 0.3)[2]).toBe("The drawing together by layer 48 is seen with 1 head only, not with 4 heads.");
    expect(say(0.3, 0.97)[2]).toBe("The drawing together by layer 48 is seen with 4 heads only, not with 1 head.");
    expect(say(0.97, 0.97)[2]).toBe("The collapse by layer 48 is seen with 1 head and with 4 heads.");
    expect(say(0.3, 0.3)[2]).toBe("No collapse by layer 48, with 1 head or with 4 heads.");
  });

  test("tells a collapse from half of the pairs on, and a beginning of it from a tenth", () => {
    // The share of pairs above .9 at the last layer of both.
    const spoken = (a: number, b: number) => {
      const at = (share: number, one: VariantRun): VariantRun => ({
        ...one,
        metrics: one.metrics.map((row) =>
          row.measure === "mass_0.9" && row.layer === 48 ? { ...row, value: ((N - 1) * share + 1) / N } : row,
        ),
      });
      const [first, second] = set.variants;
      return variantsInWords({ ...set, variants: [at(a, first), at(b, second)] });
    };
    expect(spoken(0.501, 0.499)[0]).toContain(": collapsed (more than half)");
    expect(spoken(0.501, 0.499)[1]).toContain(": partly collapsed");
    expect(spoken(0.501, 0.499)[2]).toBe("The drawing together by layer 48 is seen with both, further with 1 head.");
    expect(spoken(0.501, 0.501)[2]).toBe("The collapse by layer 48 is seen with 1 head and with 4 heads.");
    expect(spoken(0.101, 0.099)[2]).toBe(
      "The drawing together by layer 48 is seen with 1 head only, not with 4 heads.",
    );
    expect(spoken(0.099, 0.099)[0]).toContain(": not collapsed");
    expect(spoken(0.099, 0.099)[2]).toBe("No collapse by layer 48, with 1 head or with 4 heads.");
  });

  test("gives means and shares, the range over texts, and the last layer that was trained", () => {
    const words = variantsInWords({ ...set, variants: [reading("published", "1 head", 0.97, 3), set.variants[1]] });
    expect(words[0]).toBe(
      "1 head: made up to end at 0.97. At layer 0 the mean cosine is 0.10, 0 % of the pairs lie above .9; at layer 48 0.97 and 99 % (98 to 100 %): collapsed (more than half).",
    );
    expect(words[3]).toBe(
      "With 4 heads 0 % of the pairs lie above .9 at layer 30, the last that was trained: not collapsed.",
    );
    expect(words[4]).toBe("In the figure the diagonal is included. All numbers here are of pairs i ≠ j.");
  });
});

test("a mean that rounds to nothing has no sign", () => {
  expect([-0.001, 0.001, -0.006].map((value) => fixedDigits(value, 2))).toEqual(["0.00", "0.00", "−0.01"]);
});
