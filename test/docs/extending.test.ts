import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { compile, type TopLevelSpec } from "vega-lite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configReader } from "../../models/checkpoints/layers/config-reader.ts";
import { toCloud64 } from "../../probes/cloud.ts";
import { layerStep } from "../../probes/updates/layer-step.ts";
import { movingFamilies } from "../../src/laws/families.ts";
import { fakeEffects } from "../cli/run-cli.ts";
import { smallRun } from "../figures/small-run.ts";
import { drift, textOf } from "../rivals/fit-texts.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "docs/extending.md"), "utf8");

/** Code blocks of the page by the path in their first line. */
const blocks = new Map(
  [...page.matchAll(/^```[jt]s\n\/\/ (\S+)\n([\s\S]*?)^```/gm)].map(([, path, code]) => [path, code]),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tokensphere-extending-"));
  for (const [path, code] of blocks) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    // What a block imports from its neighbours is the repository's.
    const from = code.replace(/from "(\.[^"]+)"/g, (_, name) => `from "${resolve(ROOT, dirname(path), name)}"`);
    writeFileSync(join(folder, path), from);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = (path: string) => import(/* @vite-ignore */ join(folder, path));

describe("every example of docs/extending.md does what it says", () => {
  it("and every code block is one of them", () => {
    expect(blocks.size).toBe([...page.matchAll(/^```[jt]s$/gm)].length);
    expect(blocks.size).toBe(10);
  });

  it("a dynamics", async () => {
    // The default tolerance is 1e-9 a step.
    expect((await load("drift.mjs")).result).toBeCloseTo(Math.tanh(1), 7);
  });

  it("a method", async () => {
    // Second order: an error of the order of step².
    expect(Math.abs((await load("midpoint.mjs")).result - Math.tanh(1))).toBeLessThan(1e-4);
  });

  it("an engine", async () => {
    expect((await load("counted.mjs")).result).toBe(4);
  });

  it("measures", async () => {
    const { measures, pairMeasures } = (await load("measures.mjs")).default;
    expect([measures[0].name, pairMeasures[0].name]).toEqual(["largest_coordinate", "farthest_moved"]);
  });

  it("a family", async () => {
    const { sharpUsa } = await load("src/fit/sharp-usa.ts");
    expect(movingFamilies(["sa", sharpUsa]).map(({ label }) => label)).toEqual(["SA", "USA at β = 8"]);
  });

  it("a rival", async () => {
    const { shrunk } = await load("src/rivals/shrunk.ts");
    const text = textOf(5, 3, 3, drift(3, 0.1));
    const { cloud, products } = shrunk.predict(text);
    for (const [p, value] of cloud(0).x.entries()) expect(value).toBeCloseTo(text.clouds[0].x[p], 14);
    expect(Math.hypot(...cloud(2).x.subarray(0, 3))).toBeCloseTo(1, 12);
    expect(products(2)).toHaveLength(10);
  });

  it("a field", async () => {
    const { towardsFirst } = await load("src/updates/towards-first.ts");
    const [x, y] = textOf(4, 3, 2, drift(3, 0.1)).clouds.map(toCloud64);
    const step = await layerStep(x, y);
    expect(towardsFirst.answer({ step }).velocity.subarray(3, 6)).toEqual(step.x.x.subarray(0, 3));
  });

  it("an architecture", async () => {
    const { myDistilbert } = await load("models/checkpoints/architectures/my-distilbert.ts");
    const path = join(ROOT, "test/fixtures/models/distilbert/config.json");
    const config = JSON.parse(readFileSync(path, "utf8"));
    expect(myDistilbert.plan(configReader(config, path))).toMatchObject({ layers: config.n_layers, width: config.dim });
  });

  it("a figure", async () => {
    const { tokensByTextFigure } = await load("src/figures/tokensByText.ts");
    const spec: TopLevelSpec = tokensByTextFigure.draw(smallRun({ texts: 2 }), { about: "2 texts", layers: {} });
    expect(compile(spec).spec.marks).toHaveLength(1);
    expect(tokensByTextFigure.draw(smallRun({ texts: 0 }), { about: "", layers: {} })).toBeNull();
  });

  it("a command", async () => {
    const { hello } = await load("src/commands/hello.ts");
    const out: string[] = [];
    const program = new Command().addCommand(hello(fakeEffects({ cwd: "/" }, { out, failed: [], said: [] })));
    await program.parseAsync(["hello", "--times", "2"], { from: "user" });
    expect(out).toEqual(["hello", "hello"]);
  });
});
