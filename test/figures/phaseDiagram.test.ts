import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { clusteringTime } from "../../sim/theory/clustering-time.ts";
import { renderSvg } from "../../src/draw/render.ts";
import { type PhaseRow, phaseDiagram } from "../../src/figures/theory/phaseDiagram.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { compareSnapshot } from "./snapshot.ts";

const BETAS = [0.5, 1, 2, 3, 4, 5, 6];
const TIMES = Array.from({ length: 25 }, (_, k) => k / 2);

/** A smooth step that moves to later times as β grows; nothing is known of the last times at the largest β. */
const rows: readonly PhaseRow[] = deepFreeze(
  BETAS.flatMap((beta) =>
    TIMES.map((time) => ({
      beta,
      time,
      probability: beta === 6 && time > 10 ? null : 1 / (1 + Math.exp(4 + beta / 2 - 1.2 * time)),
    })),
  ),
);
const curve = BETAS.map((beta) => ({ beta, time: clusteringTime("sa", 32, beta, 0, 0.999) }));
const figure = phaseDiagram(rows, { about: "SA, n = 32, d = 2, 64 starts", curve });

interface Layers {
  readonly layer: readonly { readonly data: { readonly values: readonly Record<string, number>[] } }[];
}

describe("phaseDiagram", () => {
  test("is valid against the Vega-Lite schema, and not with a mark that it does not know", () => {
    const schema = createRequire(import.meta.url)("vega-lite/vega-lite-schema.json") as object;
    // The schema names formats (uri, color) that only annotate.
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect(valid(figure), JSON.stringify(valid.errors)?.slice(0, 500)).toBe(true);
    expect(valid(JSON.parse(JSON.stringify(figure).replace('"type":"rect"', '"type":"wrecked"')))).toBe(false);
  });

  test("is drawn without warnings, leaves its specification untouched, and equals its snapshot", async () => {
    const svg = await renderSvg(deepFreeze(structuredClone(figure)));
    expect(compareSnapshot("phaseDiagram", svg)).toBeNull();
    expect(svg.length, "snapshots stay small").toBeLessThan(60_000);
  });

  test("covers the plane once with colours in steps of 1/20, and leaves out what is not known", () => {
    const [{ data }] = (figure as unknown as Layers).layer;
    const area = data.values.reduce((sum, { from, to, low, high }) => sum + (to - from) * (high - low), 0);
    // Times 0 … 12 and β 0.5 … 6, less the cells of β = 6 from 10.25 on.
    expect(area).toBeCloseTo(12 * 5.5 - 1.75 * 0.5, 10);
    expect(data.values.length).toBeLessThan(rows.length / 1.5);
    for (const { from, to, low, high, probability } of data.values) {
      const within = rows.filter((row) => row.time >= from && row.time < to && row.beta >= low && row.beta <= high);
      for (const row of within.filter((one) => one.probability !== null && one.time > from && one.time < to))
        expect(Math.abs(row.probability! - probability)).toBeLessThanOrEqual(1 / 40 + 1e-12);
    }
  });

  test("has no line where there is no theory", () => {
    expect((phaseDiagram(rows) as unknown as Layers).layer).toHaveLength(1);
  });

  test("refuses a number that is not finite", async () => {
    const wrong = phaseDiagram(rows.map((row, k) => (k === 3 ? { ...row, probability: Number.NaN } : row)));
    await expect(renderSvg(wrong)).rejects.toThrow(/number that cannot be drawn/);
  });
});
