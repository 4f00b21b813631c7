import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { layerStatistics } from "../../src/figures/parts/layer-statistics.ts";
import { withoutDiagonal } from "../../src/figures/parts/without-diagonal.ts";
import { formatFault } from "../../src/formats/read-format.ts";
import { RUN } from "../../src/formats/run-formats.ts";
import { runProgram } from "../../src/program.ts";
import type { MetricRow } from "../../src/run/metrics.ts";
import { readRun } from "../../src/run/read-run.ts";
import { bundledModel } from "../../src/sources/bundled.ts";
import { type LocalHub, startHub } from "../hub/local-hub.ts";
import { FIT_ONLY } from "./fit-only.ts";
import { type CliResult, fakeEffects, jsonOf, runCli } from "./run-cli.ts";
import { tinyAlbert, writeTinyAlbert } from "./tiny-albert.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const TEXT = "The ship lay at anchor in the bay, and the men went down to the water.";

let cwd = "";
let hub: LocalHub;
let model = "";
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-preset-"));
  hub = await startHub();
  hub.repositories.set("albert/albert-xlarge-v2", {
    commit: COMMIT,
    files: { ...(await tinyAlbert()), "pytorch_model.bin": "", "tf_model.h5": "", "README.md": "" },
    large: ["model.safetensors"],
  });
  model = join(cwd, "my-albert");
  await writeTinyAlbert(model);
});
afterAll(async () => {
  await hub.close();
  rmSync(cwd, { recursive: true, force: true });
});

const at = (...path: string[]) => join(cwd, ...path);
const online = () => ({ HF_ENDPOINT: hub.endpoint, HF_HOME: at("hf") });
const run = (args: readonly string[], env?: Record<string, string>): Promise<CliResult> =>
  runCli(args, env ? { cwd, env } : { cwd });
const preset = (...more: readonly string[]) =>
  run(["probe", model, "--preset", "glpr-figure1", "--text", TEXT, ...more]);

/** Two models of 48 layers are probed and drawn: seconds on a machine that does nothing else. */
const PATIENCE = 60_000;

const plain = new Map<string, Promise<readonly MetricRow[]>>();

/** The measures of a plain probe with the same flags spelled out, taken once for all that ask. */
function plainMetrics(heads: string, diagonal = "include"): Promise<readonly MetricRow[]> {
  const flags = ["--heads", heads, "--diagonal", diagonal];
  const key = flags.join("");
  if (!plain.has(key)) plain.set(key, measuredPlainly(flags));
  return plain.get(key)!;
}

async function measuredPlainly(more: readonly string[]): Promise<readonly MetricRow[]> {
  const policies = ["--special-tokens", "keep", "--truncate"];
  const folder = ["--json", "--out", `plain-${more.join("")}`];
  const result = await run(["probe", model, "--text", TEXT, "--depth", "12", ...policies, ...folder, ...more]);
  return (jsonOf(result) as { metrics: MetricRow[] }).metrics;
}

describe("Figure 1 in one command, from the hub", () => {
  let result: CliResult;
  beforeAll(async () => {
    result = await run(["probe", "--preset", "glpr-figure1", "--text", TEXT, "--out", "hub"], online());
  }, PATIENCE);

  it("fetches config, weights and tokenizer of albert/albert-xlarge-v2 once, and nothing else", () => {
    expect(result).toMatchObject({ code: 0, failed: [] });
    const fetched = hub.asked.filter(({ method, store }) => method === "GET" && !store).map(({ path }) => path);
    const files = fetched.filter((path) => path.includes("/resolve/")).map((path) => path.split("/").pop());
    expect(files.sort()).toEqual(["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]);
    expect(new Set(fetched.map((path) => /albert\/albert-xlarge-v2/.exec(path)?.[0]))).toEqual(
      new Set(["albert/albert-xlarge-v2"]),
    );
  });

  it("leaves one run: the published reading under the usual names, the other beside it, both in one report", () => {
    const figures = ["figure1", "variantsByLayer"].flatMap((name) => [".png", ".svg", ".vl.json"].map((e) => name + e));
    const numbers = ["metrics.csv", "metrics-own-heads.csv", "histograms.json", "histograms-own-heads.json"];
    const whole = ["explorer.json", "manifest.json", "report.html"];
    expect(readdirSync(at("hub")).sort()).toEqual([...figures, ...numbers, ...whole].sort());
    const html = readFileSync(at("hub/report.html"), "utf8");
    for (const part of ["1 head", "4 heads", "nobody trained", "although the published caption says i ≠ j"]) {
      expect(html).toContain(part);
    }
  });

  it("says in words what each reading is, and whether the trained one collapses", () => {
    const [first, second, seen, trained, remark] = result.out;
    expect(first).toMatch(/^1 head: a network nobody trained, .* than their 4\. At layer 0 the mean cosine is [-\d.]+/);
    expect(second).toMatch(/^4 heads: the trained network up to layer 6; beyond, its layer is repeated/);
    expect(second).toMatch(/; at layer 48 [\d.]+ and .* %: (not |partly )?collapsed/);
    expect(seen).toMatch(/by layer 48/);
    expect(trained).toMatch(/^With 4 heads .* % of the pairs lie above \.9 at layer 6, the last that was trained: /);
    expect(remark).toContain("the diagonal is included, although the published caption says i ≠ j");
    expect(result.out.at(-1)).toBe(at("hub/report.html"));
  });

  it("records the preset, what it set, and what was given in its place", () => {
    const { manifest } = readRun(at("hub"));
    expect(manifest).toMatchObject({
      command: "probe",
      arguments: { model: null, preset: "glpr-figure1" },
      model: { model: "albert/albert-xlarge-v2", source: "checkpoint", layers: 48, heads: 1 },
      policy: { diagonal: "include", specialTokens: "keep", specialKnown: true, normalize: "l2" },
    });
    expect(manifest.preset).toMatchObject({
      name: "glpr-figure1",
      set: { model: "albert/albert-xlarge-v2", depth: 48, heads: 1, truncate: true, binRule: "freedman-diaconis" },
      overridden: {},
      figure: { panels: [0, 5, 30, 48], x: [-0.3, 1.05], diagonal: true, trainedDepth: 6 },
      variants: [
        { name: "published", heads: 1, overrides: { depth: 48, heads: 1 } },
        { name: "own-heads", heads: 4, overrides: { depth: 48, heads: 4 } },
      ],
    });
  });

  it("is a run that report draws again to the same pictures, in its folder and in another", async () => {
    const before = readFileSync(at("hub/figure1.svg"), "utf8");
    expect(await run(["report", "hub"])).toMatchObject({ code: 0 });
    expect(await run(["report", "hub", "--out", "again"])).toMatchObject({ code: 0 });
    for (const folder of ["hub", "again"]) expect(readFileSync(at(folder, "figure1.svg"), "utf8")).toBe(before);
    expect(readRun(at("again")).manifest.preset).toEqual(readRun(at("hub")).manifest.preset);
  });
});

describe("the readings of the weights", () => {
  let rows: readonly (readonly MetricRow[])[];
  beforeAll(async () => {
    expect(await preset("--depth", "12", "--panels", "0,12", "--out", "run", "--save-states")).toMatchObject({
      code: 0,
    });
    rows = readRun(at("run")).data.variants!.variants.map(({ metrics }) => metrics);
  }, PATIENCE);

  it("measure as probe does with the flags spelled out, with one head and with the model's own", async () => {
    expect(rows[0]).toEqual(await plainMetrics("1"));
    expect(rows[1]).toEqual(await plainMetrics("4"));
    // The two must not be the same network, or the comparison would be empty.
    expect(rows[1]).not.toEqual(rows[0]);
  });

  it("begin with the same embedding and end apart", () => {
    const [published, own] = rows.map((metrics) => layerStatistics(metrics, "mean_cosine").map(({ value }) => value));
    expect(own[0]).toBe(published[0]);
    expect(Math.abs(own[3] - published[3])).toBeGreaterThan(1e-4);
  });

  it("count the whole Gram matrix, on bins of the data", () => {
    for (const { histograms } of readRun(at("run")).data.variants!.variants) {
      for (const { n, layers } of histograms.texts) {
        expect(layers).toHaveLength(13);
        for (const { counts, edges } of layers) {
          expect(counts.reduce((a, b) => a + b, 0)).toBe(n * n);
          expect(edges).toHaveLength(counts.length + 1);
        }
      }
    }
  });

  it("are told of as pairs i ≠ j: the diagonal taken off is what was never counted", async () => {
    const [include, exclude] = await Promise.all(
      ["include", "exclude"].map(async (diagonal) => plainMetrics("4", diagonal)),
    );
    for (const measure of ["mean_cosine", "mass_0.9"]) {
      const off = layerStatistics(withoutDiagonal(include), measure);
      const never = layerStatistics(exclude, measure);
      expect(off).toHaveLength(13);
      // Sums of n² terms in another order, times n: a few hundred ε.
      for (const [k, { value }] of off.entries()) expect(value).toBeCloseTo(never[k].value, 12);
    }
  });

  it("keep their states apart, so that either can be fitted", () => {
    expect(readdirSync(at("run")).filter((name) => name.endsWith(".safetensors"))).toEqual([
      "states-own-heads.safetensors",
      "states.safetensors",
    ]);
  });

  it("are replaced with --force as any run is", async () => {
    const shallow = ["--depth", "2", "--out", "run", "--force"];
    expect(await preset(...shallow)).toMatchObject({ code: 0 });
    expect(existsSync(at("run/states-own-heads.safetensors"))).toBe(false);
  });
});

describe("what is given beside the preset", () => {
  it("wins, and is recorded with what the preset would have set", async () => {
    const given = ["--depth", "6", "--heads", "2", "--diagonal", "exclude", "--out", "given"];
    const result = await preset(...given);
    expect(result).toMatchObject({ code: 0 });
    const { manifest, data } = readRun(at("given"));
    expect(manifest.preset).toMatchObject({
      set: { specialTokens: "keep", truncate: true },
      overridden: {
        model: { preset: "albert/albert-xlarge-v2", given: model },
        depth: { preset: 48, given: 6 },
        heads: { preset: 1, given: 2 },
        diagonal: { preset: "include", given: "exclude" },
      },
      figure: { panels: [0, 5, 6], trainedDepth: null, remarks: ["special tokens are kept"] },
    });
    expect(data.variants!.variants.map(({ label, words }) => [label, words])).toEqual([
      ["2 heads", expect.stringContaining("nobody trained")],
      ["4 heads", "the network as it was trained"],
    ]);
  });

  it("draws one row where the heads are the model's own", async () => {
    const result = await preset("--heads", "4", "--depth", "6", "--out", "own");
    expect(result.said).toContain("note: 4 heads is the model's own: nothing else is drawn beside it");
    expect(readdirSync(at("own"))).not.toContain("metrics-own-heads.csv");
    expect(readRun(at("own")).data.variants!.variants).toHaveLength(1);
  });

  it("may be other panels: those of GLPR25, or a list", async () => {
    expect(await preset("--depth", "27", "--panels", "glpr25", "--out", "glpr25")).toMatchObject({ code: 0 });
    expect(readRun(at("glpr25")).data.variants!.panels).toEqual([0, 1, 21, 22, 23, 24, 25, 26, 27]);
    expect(await preset("--depth", "3", "--panels", "0,2", "--out", "list")).toMatchObject({ code: 0 });
    expect(readRun(at("list")).data.variants!.panels).toEqual([0, 2]);
  });

  it("says that random weights were trained by nobody", async () => {
    const { out } = await preset("--random-init", "1", "--depth", "2", "--out", "fresh");
    expect(out[0]).toMatch(/^1 head: random weights: nothing here was trained\. /);
    expect(out.join("\n")).not.toContain("the last that was trained");
  });

  it("is all on standard output as one document with --json", async () => {
    const result = await preset("--depth", "2", "--json");
    const { variants, metrics, words } = jsonOf(result) as {
      variants: { name: string; metrics: MetricRow[] }[];
      metrics: MetricRow[];
      words: string[];
    };
    expect(variants.map(({ name }) => name)).toEqual(["published", "own-heads"]);
    expect(variants[0].metrics).toEqual(metrics);
    expect(words[0]).toContain("1 head");
  });
});

describe("the texts of a preset", () => {
  it("are the eight passages of the package where none is given", async () => {
    const short = ["--depth", "1", "--panels", "0,1", "--out", "passages"];
    expect(await run(["probe", model, "--preset", "glpr-figure1", ...short])).toMatchObject({ code: 0 });
    const { manifest } = readRun(at("passages"));
    expect(manifest.texts).toHaveLength(8);
    expect(manifest.texts![0].name).toBe("Lewis Carroll, Alice's Adventures in Wonderland");
  });

  it("are cut at the model's limit, where elsewhere they are refused", async () => {
    const long = Array(60).fill(TEXT).join(" ");
    const args = ["--text", long, "--depth", "1", "--panels", "0,1", "--out", "long"];
    const result = await run(["probe", model, "--preset", "glpr-figure1", ...args]);
    expect(result).toMatchObject({ code: 0 });
    expect(result.said.filter((line) => line.includes("text cut"))).toHaveLength(1);
    expect(readRun(at("long")).manifest.texts![0].positions).toBe(512);
  });

  it("become windows where --chunk is given, the passages too", async () => {
    const chunked = ["--chunk", "300", "--depth", "1", "--panels", "0,1", "--out", "chunked"];
    expect(await run(["probe", model, "--preset", "glpr-figure1", ...chunked])).toMatchObject({ code: 0 });
    const { texts, preset: record } = readRun(at("chunked")).manifest;
    expect(texts!.length).toBeGreaterThan(8);
    expect(texts![0].name).toBe("Lewis Carroll, Alice's Adventures in Wonderland#1");
    expect(record).toMatchObject({ overridden: { truncate: { preset: true, given: false } } });
  });
});

describe("a text that can be read only once", () => {
  it("is read by every reading of the weights", async () => {
    const texts = [TEXT, ""];
    const effects = fakeEffects({ cwd }, { out: [], failed: [], said: [] });
    const args = ["probe", model, "--preset", "glpr-figure1", "--text", "-", "--depth", "1", "--out", "stdin"];
    expect(await runProgram(args, { ...effects, readStdin: async () => texts.shift() ?? "" })).toBe(0);
    const [published, own] = readRun(at("stdin")).data.variants!.variants;
    expect(own.histograms.texts[0].n).toBe(published.histograms.texts[0].n);
  });
});

describe("without a network", () => {
  const nowhere = { HF_ENDPOINT: "http://127.0.0.1:9", HF_HOME: "/nonexistent" };

  it.each([
    ["no hub that answers", nowhere],
    ["HF_HUB_OFFLINE", { ...nowhere, HF_HUB_OFFLINE: "1" }],
  ])("ends with exit code 4 and says all that can be done: %s", async (_, env) => {
    const result = await run(["probe", "--preset", "glpr-figure1", "--out", "offline"], env);
    expect(result).toMatchObject({ code: 4, out: [] });
    expect(result.failed).toHaveLength(1);
    for (const remedy of [
      "hf download albert/albert-xlarge-v2",
      "HF_HOME",
      "the folder",
      bundledModel().slice(0, -1),
    ]) {
      expect(result.failed[0]).toContain(remedy);
    }
    expect(existsSync(at("offline"))).toBe(false);
  });

  it("runs on the bundled model, which was trained with 6 heads and 12 layers", async () => {
    const args = ["probe", bundledModel(), "--preset", "glpr-figure1", "--text", TEXT, "--out", "bundled"];
    const result = await run(args, { ...nowhere, HF_HUB_OFFLINE: "1" });
    expect(result).toMatchObject({ code: 0, failed: [] });
    const { variants, trainedDepth } = readRun(at("bundled")).data.variants!;
    expect([variants.map(({ label }) => label), trainedDepth]).toEqual([["1 head", "6 heads"], 12]);
    expect(new Set(variants[0].metrics.map(({ layer }) => layer)).size).toBe(49);
  });
});

describe("compare with a preset", () => {
  it("fits the dynamics to the published reading and draws all figures", async () => {
    const quick = ["--depth", "3", "--panels", "0,3", "--bootstrap", "0", "--time", "linear", "--out", "compared"];
    const result = await run(["compare", model, "--preset", "glpr-figure1", "--text", TEXT, ...quick, ...FIT_ONLY]);
    expect(result).toMatchObject({ code: 0, failed: [] });
    const { data } = readRun(at("compared"));
    expect(data.fit?.families.map(({ name }) => name)).toContain("frozen");
    expect(readdirSync(at("compared"))).toEqual(expect.arrayContaining(["figure1.svg", "w1ByLayer.svg"]));
    expect(result.out.some((line) => line.startsWith("1 head: From layer 0"))).toBe(true);
  });
});

describe("what a preset refuses", () => {
  it.each([
    [["--preset", "figure2"], 2, "glpr-figure1"],
    [["--panels", "0,1"], 2, "add --preset"],
    [["--preset", "glpr-figure1", "--panels", "all"], 2, "survey, glpr25"],
    [["--preset", "glpr-figure1", "--panels", "0,49"], 2, "layers 0 to 48"],
    [["--preset", "glpr-figure1", "--panels", "0,-1"], 2, "--panels: 0,-1"],
    [["--preset", "glpr-figure1", "--normalize", "none"], 2, "--normalize none"],
    [["--preset", "glpr-figure1", "--pairs", "across"], 2, "--pairs across"],
    [["--preset", "glpr-figure1", "--attentions"], 2, "--attentions"],
    [["--preset", "glpr-figure1", "--heads", "5"], 2, "does not divide"],
  ] as const)("%j", async (args, code, part) => {
    const before = readdirSync(cwd);
    const result = await run(["probe", model, "--text", TEXT, "--out", "refused", ...args]);
    expect(result).toMatchObject({ code, out: [] });
    expect(result.failed).toEqual([expect.stringContaining(part)]);
    expect(readdirSync(cwd)).toEqual(before);
  });

  it("a folder whose manifest was damaged, when it is drawn again", async () => {
    const manifest = readRun(at("given")).manifest;
    expect(formatFault(RUN, manifest)).toBeNull();
    const { figure, ...preset } = manifest.preset!;
    expect(formatFault(RUN, { ...manifest, preset })).toBe("preset.figure: expected object, received undefined");
  });
});
