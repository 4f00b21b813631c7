import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { renderSvg } from "../../src/draw/render.ts";
import { phasePanels } from "../../src/figures/theory/phasePanels.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { compareSnapshot } from "./snapshot.ts";

const BETAS = [1, 3, 5, 7];
const TIMES = [0, 2, 4, 6, 8, 10];

/** A smooth step, later at larger β and d. */
const panels = deepFreeze(
  [2, 32, 128, 1024].map((d) => ({
    name: `d = ${d}`,
    rows: BETAS.flatMap((beta) =>
      TIMES.map((time) => ({ beta, time, probability: 1 / (1 + Math.exp(beta + Math.log10(d) - time)) })),
    ),
  })),
);
const figure = phasePanels(panels, { about: "SA, n = 32, 64 starts", curve: BETAS.map((beta) => ({ beta, time: 5 })) });

describe("phasePanels", () => {
  test("is valid against the Vega-Lite schema", () => {
    const schema = createRequire(import.meta.url)("vega-lite/vega-lite-schema.json") as object;
    // The schema names formats (uri, color) that only annotate.
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect(valid(figure), JSON.stringify(valid.errors)?.slice(0, 500)).toBe(true);
  });

  test("is drawn without warnings, leaves its specification untouched, and equals its snapshot", async () => {
    const svg = await renderSvg(deepFreeze(structuredClone(figure)));
    expect(compareSnapshot("phasePanels", svg)).toBeNull();
    expect(svg.length, "snapshots stay small").toBeLessThan(60_000);
  });

  test("names each panel and has one colour scale for all", async () => {
    const svg = await renderSvg(figure);
    for (const { name } of panels) expect(svg).toContain(`>${name}<`);
    expect(svg.split("probability of ⟨xᵢ, xⱼ⟩ ≥ 0.999<").length - 1).toBe(1);
  });
});
