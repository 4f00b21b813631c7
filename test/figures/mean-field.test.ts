import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { circleDensity, momentsOfWrappedNormal } from "../../sim/mean-field/circle-moments.ts";
import { renderSvg } from "../../src/draw/render.ts";
import { bifurcationDiagram } from "../../src/figures/theory/bifurcationDiagram.ts";
import { chaosByN } from "../../src/figures/theory/chaosByN.ts";
import { clustersByBeta } from "../../src/figures/theory/clustersByBeta.ts";
import { densityByTime } from "../../src/figures/theory/densityByTime.ts";
import { densityHeatMap } from "../../src/figures/theory/densityHeatMap.ts";
import { momentGrowth } from "../../src/figures/theory/momentGrowth.ts";
import { noisePhases } from "../../src/figures/theory/noisePhases.ts";
import { orderParameterByTime } from "../../src/figures/theory/orderParameterByTime.ts";
import { schemesByLayer } from "../../src/figures/theory/schemesByLayer.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { compareSnapshot } from "./snapshot.ts";

const THETA = Array.from({ length: 48 }, (_, g) => (2 * Math.PI * g) / 48);
const TIMES = [0, 1, 2, 4];

/** A peak that narrows. */
const densityAt = (time: number) => {
  const moments = momentsOfWrappedNormal(2, 1.2 / (1 + time / 2), 24);
  return THETA.map((theta) => circleDensity(moments, theta));
};

/** κ = 2 − r + 2r² turns at r = 1/4. */
const branch = Array.from({ length: 21 }, (_, i) => i / 20).map((order) => ({
  kappa: 2 - order + 2 * order * order,
  order,
  stable: order > 0.25,
}));

const figures = deepFreeze({
  densityByTime: densityByTime(
    TIMES.map((time, t) => ({ time, density: densityAt(time), angles: t === 3 ? [1.9, 2, 2.1, 2.05, -4.3] : null })),
    "SA, β = 2",
  ),
  densityHeatMap: densityHeatMap(
    TIMES.flatMap((time) => densityAt(time).map((density, g) => ({ time, theta: THETA[g], density }))),
    "SA, β = 2",
  ),
  momentGrowth: momentGrowth(
    TIMES.flatMap((time) =>
      [1, 2, 3].map((k) => ({ time, k, size: k === 3 ? 0 : 0.01 * Math.exp(k * time * 0.4), rate: k * 0.5 })),
    ),
    "SA, β = 2",
  ),
  bifurcationDiagram: bifurcationDiagram({
    branch,
    uniform: [1.6, 2, 2.4].map((kappa) => ({ kappa, order: 0, stable: kappa <= 2 })),
    critical: 2,
    range: [1.6, 2.4],
    about: "USA, β = 5",
  }),
  schemesByLayer: schemesByLayer(
    ["post", "pre"].flatMap((scheme, s) =>
      [0, 1, 2].map((layer) => {
        const mean = layer / (2 + s);
        return { scheme, layer, mean, low: 0.9 * mean, high: Math.min(1, 1.1 * mean) };
      }),
    ),
    "n = 8, d = 16",
  ),
  clustersByBeta: clustersByBeta(
    [1, 4, 9].flatMap((beta) =>
      [0.9, 0.999].map((threshold, h) => ({
        ...{ beta, threshold },
        ...{ value: beta + h, low: h === 1 && beta === 9 ? null : beta + h - 0.2, high: beta + h + 0.2 },
      })),
    ),
    [1, 4, 9].flatMap((beta) => [
      { beta, law: "k_max" as const, value: 1 + Math.round(Math.sqrt(beta)) },
      { beta, law: "√β" as const, value: Math.sqrt(beta) },
    ]),
    "USA, n = 16, d = 2",
  ),
  noisePhases: noisePhases(
    [
      { beta: 1, critical_kappa: 1.77, turn_kappa: null, equal_energy_kappa: null },
      { beta: 3, critical_kappa: 0.76, turn_kappa: 0.75, equal_energy_kappa: 0.752 },
      { beta: 5, critical_kappa: 0.205, turn_kappa: 0.184, equal_energy_kappa: 0.188 },
    ],
    "USA, d = 2",
  ),
  chaosByN: chaosByN(
    [100, 1000, 10000].map((n) => ({ n, w1: 1.2 / Math.sqrt(n), error: n > 100 ? 0.1 / Math.sqrt(n) : null })),
    "SA, β = 2",
  ),
  orderParameterByTime: orderParameterByTime(
    TIMES.map((time) => ({ time, mean: 1 - 0.8 ** (time + 1), error: 0.02 })),
    "SA, β = 0, κ = 4",
  ),
});

const schema = createRequire(import.meta.url)("vega-lite/vega-lite-schema.json") as object;
// The schema names formats (uri, color) that only annotate.
const valid = new Ajv({ strict: false, validateFormats: false }).compile(schema);

describe.each(Object.entries(figures))("%s", (name, spec) => {
  test("is valid against the Vega-Lite schema, and not with a mark that it does not know", () => {
    expect(valid(spec), JSON.stringify(valid.errors)?.slice(0, 500)).toBe(true);
    expect(valid(JSON.parse(JSON.stringify(spec).replace(/"type":"(line|rect|area)"/, '"type":"lime"')))).toBe(false);
  });

  test("is drawn without warnings, leaves its specification untouched, and equals its snapshot", async () => {
    const svg = await renderSvg(spec);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(compareSnapshot(name, svg)).toBeNull();
    expect(svg.length, "snapshots stay small").toBeLessThan(60_000);
  });

  test("has a description and data inline", () => {
    expect(spec.description).toMatch(/\w{5}/);
    expect(JSON.stringify(spec)).not.toMatch(/"url":/);
  });
});

interface Marked {
  readonly mark: { readonly strokeDash?: readonly number[] };
  readonly data: { readonly values: readonly { readonly order: number; readonly kappa: number }[] };
}

describe("the bifurcation diagram", () => {
  test("draws what is stable solid and what is not dashed, without gaps between", () => {
    const { layer } = figures.bifurcationDiagram as unknown as { readonly layer: readonly Marked[] };
    const [, unstable, stable, ...uniform] = layer;
    expect(unstable.mark.strokeDash).toEqual([4, 4]);
    expect(stable.mark.strokeDash).toEqual([1, 0]);
    expect(uniform.map(({ mark }) => mark.strokeDash)).toEqual([
      [1, 0],
      [4, 4],
    ]);
    expect(stable.data.values[0].order).toBe(unstable.data.values.at(-1)!.order);
  });

  test("is said to be of a continuous transition where no density rests below κ_#", async () => {
    const above = branch.map(({ order, stable }) => ({ kappa: 2 + order, order, stable }));
    const spec = bifurcationDiagram({ branch: above, uniform: [], critical: 2, range: [1, 4], about: "" });
    expect(await renderSvg(spec)).toContain("A continuous transition");
  });
});

test("the growth of moments leaves out those that are nothing", async () => {
  const svg = await renderSvg(figures.momentGrowth);
  expect(svg).toContain("k = 2");
  expect(svg).not.toContain("k = 3");
});
