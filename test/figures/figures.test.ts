import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { beforeAll, describe, expect, test } from "vitest";
import { renderFigure, renderSvg } from "../../src/draw/render.ts";
import { renderPng } from "../../src/draw/render-png.ts";
import { betaProfile, betaProfileRows } from "../../src/figures/betaProfile.ts";
import type { NamedFigure } from "../../src/figures/parts/spec.ts";
import { runFigures } from "../../src/figures/run-figures.ts";
import { type W1Row, w1ByLayer } from "../../src/figures/w1ByLayer.ts";
import type { NamedFamily } from "../../src/laws/families.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { smallRun } from "./small-run.ts";
import { compareSnapshot } from "./snapshot.ts";

const NAMES = [
  "layerHistograms",
  "meanCosineByLayer",
  "massNearOneByLayer",
  "effectiveRankByLayer",
  "w1ByLayer",
  "betaProfile",
  "timeByLayer",
];
const figures = runFigures(deepFreeze(smallRun()));
const figureOf = (name: string): NamedFigure => figures.find((figure) => figure.name === name)!;

test("a run with a fit has every figure, in the order of the report", () => {
  expect(figures.map((figure) => figure.name)).toEqual(NAMES);
});

describe.each(NAMES)("%s", (name) => {
  let valid: (spec: unknown) => unknown;
  beforeAll(() => {
    const schema = createRequire(import.meta.url)("vega-lite/vega-lite-schema.json") as object;
    // The schema names formats (uri, color) that only annotate.
    valid = cached ??= new Ajv({ strict: false, validateFormats: false }).compile(schema);
  });

  test("is valid against the Vega-Lite schema", () => {
    const result = valid(figureOf(name).spec);
    expect(result, JSON.stringify((valid as { errors?: unknown }).errors)?.slice(0, 500)).toBe(true);
  });

  test("is no longer valid with a mark that Vega-Lite does not know", () => {
    const wrong = JSON.stringify(figureOf(name).spec).replace('"type":"line"', '"type":"lime"');
    expect(valid(JSON.parse(wrong))).toBe(false);
  });

  test("is drawn without warnings, leaves its specification untouched, and equals its snapshot", async () => {
    const svg = await renderSvg(deepFreeze(structuredClone(figureOf(name).spec)));
    expect(compareSnapshot(name, svg)).toBeNull();
    expect(svg.length, "snapshots stay small").toBeLessThan(60_000);
  });

  test("is drawn the same twice in one process", async () => {
    const { spec } = figureOf(name);
    expect(await renderSvg(spec)).toBe(await renderSvg(spec));
  });

  test("carries data inline only, a description, a title and captions that name the policy", () => {
    const { spec, caption, title } = figureOf(name);
    expect(JSON.stringify(spec)).not.toMatch(/"url":/);
    expect(spec.description).toMatch(/\w{5}/);
    expect(title).not.toBe("");
    expect(caption).toMatch(/pairs i < j, special tokens dropped.*n\s=\s16, d\s=\s24/);
  });

  test("refuses a number that is not finite", async () => {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const spec = structuredClone(figureOf(name).spec);
      spoil(spec, wrong);
      await expect(renderSvg(spec)).rejects.toThrow(/number that cannot be drawn: figure\.\S*data/);
    }
  });
});

let cached: ((spec: unknown) => unknown) | undefined;

/** Puts the value in place of the first number of the first data row. */
function spoil(spec: unknown, wrong: number): boolean {
  if (typeof spec !== "object" || spec === null) return false;
  const values = (spec as { data?: { values?: Record<string, unknown>[] } }).data?.values;
  const row = values?.find((one) => Object.values(one).some((value) => typeof value === "number"));
  if (row) {
    const key = Object.keys(row).find((name) => typeof row[name] === "number")!;
    row[key] = wrong;
    return true;
  }
  return Object.values(spec).some((inner) => spoil(inner, wrong));
}

describe("the picture in pixels", () => {
  test("has the text in it: without the text it is a different picture", async () => {
    const { svg, png } = (await renderFigure(figureOf("w1ByLayer").spec)) as { svg: string; png: Uint8Array };
    const silent = renderPng(svg.replace(/<text[^>]*>[^<]*<\/text>/g, ""));
    expect([...png.subarray(1, 4)]).toEqual([..."PNG"].map((letter) => letter.charCodeAt(0)));
    // Titles, labels and ticks are about a third of the bytes; a missing font would leave none of them.
    expect(png.length).toBeGreaterThan(1.2 * silent.length);
  });
});

describe("the distance by layer", () => {
  const rows = (frozen: number): readonly W1Row[] =>
    [0, 1, 2].flatMap((layer) => [
      { layer, series: "sa", value: 0.012 * Math.min(layer, 1) },
      { layer, series: "usa", value: 0.0121 * Math.min(layer, 1) },
      { layer, series: "frozen", value: frozen * Math.min(layer, 1) },
    ]);

  test("gives the mean of each family after the first layer, and names no winner", () => {
    expect(w1ByLayer(rows(0.19)).title).toMatchObject({ text: "Mean W₁: SA 0.012, USA 0.012, frozen 0.19" });
  });

  test("is on a log scale, without the zeros of the first layer, where frozen is far above", () => {
    const told = JSON.stringify(w1ByLayer(rows(0.19)));
    expect(told).toMatch(/"type":"log"/);
    expect(told).toMatch(/log scale, without the first layer/);
    expect(told).not.toMatch(/"layer":0,/);
  });

  test("is on a linear scale with the first layer where frozen is not, or where a later distance is 0", () => {
    const exact = rows(0.19).map((row) => (row.series === "sa" && row.layer === 2 ? { ...row, value: 0 } : row));
    for (const told of [rows(0.047), exact].map((some) => JSON.stringify(w1ByLayer(some)))) {
      expect(told).not.toMatch(/log/);
      expect(told).toMatch(/"layer":0,/);
    }
  });
});

describe("the profile of β", () => {
  test("carries the fitted β on its curve, though the fit was measured on more tokens than the profile", () => {
    const { fit } = smallRun();
    const families = fit.families.map((one) => ({ ...one, w1: one.w1 + 0.05 }));
    const drawn = betaProfileRows({ ...fit, families });
    const minimum = drawn.find((row) => row.kind === "minimum" && row.series === "sa")!;
    const curve = drawn.filter((row) => row.kind === "profile" && row.series === "sa");
    expect(minimum.w1).toBe(curve.find((row) => row.beta === 3)!.w1);
    expect(minimum.fitted).toBeCloseTo(minimum.w1 + 0.05, 12);
  });

  test("judges against frozen by the fit itself, not by the sampled curve", () => {
    const { fit } = smallRun();
    const families = fit.families.map((one) => ({ ...one, w1: one.name === "frozen" ? 0.1 : 0.2 }));
    expect(betaProfile(betaProfileRows({ ...fit, families })).title).toMatchObject({
      text: "No β brings SA or USA below frozen",
    });
  });
});

describe("a fit of a third family", () => {
  const mine = { name: "my_krause", label: "Krause", colour: "#CC79A7", dash: [9, 2], width: 1.8 } as const;
  const figuresOf = (more: readonly NamedFamily[]) => runFigures(smallRun({ more }));
  const predicted = NAMES.filter((name) => name !== "effectiveRankByLayer");

  test.each(predicted)("draws a curve more in its own colour and dash under its own label: %s", async (name) => {
    const [svg, usual] = await Promise.all(
      [figuresOf([mine]), figures].map((all) => renderSvg(all.find((figure) => figure.name === name)!.spec)),
    );
    const strokes = (drawn: string) => new Set(drawn.match(/stroke="#[0-9a-fA-F]{6}"/g)).size;
    expect(strokes(svg)).toBe(strokes(usual) + 1);
    expect(svg).toContain(`stroke="${mine.colour}"`);
    expect(svg).toContain("Krause");
  });

  test("is drawn alike from a file that lacks the style, by a palette that SA and USA do not use", async () => {
    const svg = await renderSvg(figuresOf([{ name: "my_krause" }])[1]!.spec);
    expect(svg).toContain('stroke="#CC79A7"');
    expect(svg).toContain(">MY_KRAUSE<");
  });

  test("keeps a panel for each of many families, in rows", () => {
    const many = Array.from({ length: 3 }, (_, k) => ({ name: `f${k}` }));
    const { spec } = figuresOf(many).find(({ name }) => name === "timeByLayer")!;
    expect(spec).toMatchObject({ columns: 3, concat: { length: 5 } });
  });
});

describe("the snapshot check", () => {
  test("fails a figure that changed", async () => {
    const run = smallRun();
    const moved = { ...run, metrics: run.metrics.map((row) => ({ ...row, value: row.value * 0.9 })) };
    const svg = await renderSvg(runFigures(moved)[1]!.spec);
    expect(svg).not.toBe(await renderSvg(figureOf("meanCosineByLayer").spec));
  });
});

describe("a run without a fit", () => {
  test("still has the figures of what was measured, without predictions", async () => {
    const measured = runFigures({ ...smallRun(), fit: null });
    expect(measured.map((figure) => figure.name)).toEqual(NAMES.slice(0, 4));
    const svg = await renderSvg(measured[0]!.spec);
    expect(svg).toContain("isotropic");
    expect(svg).not.toMatch(/>SA<|>USA</);
    for (const { spec } of measured) expect(JSON.stringify(spec)).not.toContain("predicted");
  });
});

describe("runs at the edge", () => {
  const still = (): ReturnType<typeof smallRun> => {
    const run = smallRun();
    const families = run.fit.families.map((one) => ({
      ...one,
      w1: 0,
      w1_by_layer: one.w1_by_layer.map(() => 0),
      time: { ...one.time, values: one.time.values.map(() => 0) },
      profile: one.profile.map((point) => ({ ...point, w1: 0 })),
    }));
    return { ...run, fit: { ...run.fit, families, alternatives: [] } };
  };
  const runs = [
    ["a single layer", smallRun({ layers: 1 })],
    ["49 layers and 400 bins", smallRun({ layers: 49, bins: 400 })],
    ["two tokens in two dimensions", smallRun({ n: 2, d: 2 })],
    ["a wide model whose isotropic peak is narrow", smallRun({ d: 4096, bins: 400 })],
    ["several texts", smallRun({ texts: 5 })],
    ["tokens that never move, predicted exactly", still()],
  ] as const;

  test.each(runs)("%s: every figure is drawn, with no path or label that is not a number", async (_, run) => {
    for (const figure of runFigures(run)) {
      const svg = await renderSvg(figure.spec);
      expect(svg, figure.name).not.toMatch(/NaN|Infinity|undefined|null/);
    }
  });

  test("a spike that would flatten the other panels is cut, and its height is written there", async () => {
    const run = smallRun({ bins: 400 });
    const spike = run.fit.edges.slice(1).map((_, k) => (k === 390 ? 1 : 0));
    const histograms = run.fit.observed.histograms.map((one, k) => (k === 2 ? spike : one));
    const fit = { ...run.fit, observed: { ...run.fit.observed, histograms } };
    const svg = await renderSvg(runFigures({ ...run, fit })[0]!.spec);
    // 400 bins are drawn as 100, .02 wide: all mass in one is a density of 50.
    expect(svg).toContain(">cut: observed 50<");
    expect(await renderSvg(runFigures(run)[0]!.spec)).not.toContain("cut:");
  });
});
