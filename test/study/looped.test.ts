import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loopedInWords } from "../../src/figures/looped-in-words.ts";
import type { MetricRow } from "../../src/run/metrics.ts";
import { readRun } from "../../src/run/read-run.ts";
import { loopedSet } from "../../src/variants/looped-set.ts";
import { jsonOf, runCli } from "../cli/run-cli.ts";
import { writeTinyAlbert } from "../cli/tiny-albert.ts";

/** A network whose mean cosine at layer k is `cosine(k)`; half as much of it lies above .9. */
function measured(layers: number, cosine: (layer: number) => number) {
  const all = Array.from({ length: layers + 1 }, (_, layer) => layer);
  const row = (layer: number, measure: string, value: number): MetricRow => ({
    ...{ text: 0, layer, measure, value, lo: null, hi: null, floor: 0, n: 10, d: 4 },
  });
  return {
    metrics: all.flatMap((k) => [row(k, "mean_cosine", cosine(k)), row(k, "mass_0.9", cosine(k) / 2)]),
    histograms: {
      ...({ format: "tokensphere/histograms", version: 1, edges: [-1, 0, 1] } as const),
      texts: [{ text: 0, n: 10, d: 4, layers: all.map((layer) => ({ layer, counts: [1, 9] })) }],
    },
  };
}

/** Rests at .4 until layer 20, then rises by a tenth a layer, and stays at 1. */
const collapse = (k: number) => Math.min(1, 0.4 + 0.1 * Math.max(0, k - 20));

const setOf = (cosine: (layer: number) => number, trained = true) =>
  loopedSet([measured(12, cosine), measured(48, cosine)], { depth: 12, trained, diagonal: false });

describe("a network looped on", () => {
  it("has panels of its own layers in the first row, and along the way to the last in the second", () => {
    const { panels, variants } = setOf(collapse);
    expect(panels).toEqual([0, 4, 8, 12]);
    // The nearest to 5, 50 and 95 % of the way from .4 to 1: layers 20 (.4) or 21 (.5), 23 (.7), 26 (1).
    expect(variants[1].panels).toEqual([12, 23, 26, 48]);
    expect(setOf(() => 0.4).variants[1].panels).toEqual([24, 36, 48]);
  });

  it("is told by how long it rests, when it draws together, where it ends", () => {
    expect(loopedInWords(setOf(collapse))).toEqual([
      "Looped on to layer 48, which nobody trained, the mean cosine stays within .05 of the 0.40 of layer 12 until layer 20, reaches .9 at layer 25 and ends at 1.00, where 50 % of the pairs lie above .9.",
    ]);
    expect(loopedInWords(setOf(() => 0.4))[0]).toContain("stays within .05 of the 0.40 of layer 12 and ends at 0.40");
    expect(loopedInWords(setOf((k) => (k > 12 ? 0.95 : 0.4)))[0]).toContain(
      "leaves the 0.40 of layer 12 at once, reaches .9 at layer 13",
    );
  });

  it("is not said to go beyond a training that there was not", () => {
    const untrained = setOf(collapse, false);
    expect(loopedInWords(untrained)[0]).not.toContain("trained");
    expect([untrained.trainedDepth, untrained.variants[1].words]).toEqual([
      null,
      "random weights: nothing here was trained",
    ]);
  });

  it("says nothing where both readings have the same layers", () => {
    const set = setOf(collapse);
    expect(loopedInWords({ ...set, variants: [set.variants[0], set.variants[0]] })).toEqual([]);
  });
});

describe("compare --looped", () => {
  const cwd = mkdtempSync(join(tmpdir(), "tokensphere-looped-"));
  const text = ["--text", "The ship lay at anchor in the bay."];
  const quick = ["--bootstrap", "0", "--time", "linear", "--no-control", "--no-intervention", "--no-updates"];
  const run = (...args: string[]) => runCli(["compare", join(cwd, "albert"), ...text, ...quick, ...args], { cwd });
  beforeAll(() => writeTinyAlbert(join(cwd, "albert")));
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  it("measures the same network beyond its layers, draws both, and fits the first alone", async () => {
    const result = jsonOf(await run("--looped", "15", "--out", "run", "--json", "--save-states")) as {
      readonly observed: { readonly layers: readonly number[] };
      readonly looped: {
        readonly label: string;
        readonly says: readonly string[];
        readonly metrics: readonly MetricRow[];
      };
    };
    expect(result.observed.layers.at(-1)).toBe(6);
    expect(result.looped.label).toBe("15 layers");
    expect(result.looped.says[0]).toMatch(/^Looped on to layer 15, which nobody trained,/);
    const { data, manifest } = readRun(join(cwd, "run"));
    const [own, looped] = data.variants!.variants.map(({ metrics }) => metrics);
    expect(looped).toEqual(result.looped.metrics);
    expect(Math.max(...looped.map(({ layer }) => Number(layer)))).toBe(15);
    for (const { layer, measure, value } of own) {
      // The same graph up to there: equal but for the runtime's choice of kernels.
      const same = looped.find((row) => row.layer === layer && row.measure === measure)!;
      expect(Math.abs(same.value - value), `${measure} at ${layer}`).toBeLessThanOrEqual(
        1e-5 * Math.max(1, Math.abs(value)),
      );
    }
    expect(manifest.looped).toMatchObject({
      figure: { trainedDepth: 6 },
      variants: [{ name: "own" }, { name: "looped" }],
    });
    // Names of files, not what is in them: the rows of every table stood here, megabytes of them.
    const keys = manifest.looped!.variants.map((variant) => Object.keys(variant).sort());
    const named = ["histograms", "label", "metrics", "name", "words"];
    expect(keys).toEqual([named, [...named, "panels"].sort()]);
    expect(readdirSync(join(cwd, "run"))).toEqual(expect.arrayContaining(["figure1.svg", "variantsByLayer.svg"]));
    expect(readFileSync(join(cwd, "run/report.html"), "utf8")).toContain("Looped on to layer 15");
  });

  it("is drawn again by report, under the same title", async () => {
    const title = () => /<title>.*<\/title>/.exec(readFileSync(join(cwd, "run/report.html"), "utf8"))![0];
    const [before, figure] = [title(), readFileSync(join(cwd, "run/figure1.svg"), "utf8")];
    expect(await runCli(["report", "run"], { cwd })).toMatchObject({ code: 0 });
    expect([title(), readFileSync(join(cwd, "run/figure1.svg"), "utf8")]).toEqual([before, figure]);
  });

  it.each([
    [["--looped", "4", "--depth", "6"], "--looped 4: not beyond --depth 6. give more layers"],
    [
      ["--looped", "15", "--normalize", "none"],
      "--looped 15: it draws cosines, and --normalize none gives none. leave one of the two out",
    ],
    [["--looped", "15", "--pairs", "across"], "--looped 15: it draws pairs within a text. leave out --pairs across"],
    [
      ["--looped", "15", "--preset", "glpr-figure1"],
      "--looped: a preset loops by itself, to --depth. leave one of the two out",
    ],
  ])("refuses what cannot be drawn: %j", async (args, message) => {
    expect(await run(...args, "--out", "refused")).toMatchObject({
      code: 2,
      failed: [expect.stringContaining(message)],
    });
  });

  it("refuses to loop states that were saved", async () => {
    const again = await runCli(["compare", "run", "--looped", "15", "--out", "again"], { cwd });
    expect(again).toMatchObject({ code: 2, failed: [expect.stringContaining("holds hidden states, no model is run")] });
  });
});
