import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSafetensors } from "../../models/arrays/safetensors-reader.ts";
import { DEFAULT_SEED } from "../../models/random.ts";
import { readHiddenStates } from "../../models/states/read-hidden-states.ts";
import { METRICS, type MetricRow } from "../../src/run/metrics.ts";
import { readRun } from "../../src/run/read-run.ts";
import { distances } from "../models/compare-states.ts";
import { cutInputs, type ModelFixtures, modelFixtures } from "./model-fixtures.ts";
import { type CliResult, jsonOf, runCli } from "./run-cli.ts";

const HEADER = "text,layer,measure,value,lo,hi,floor,n,d";
const FIGURES = ["layerHistograms", "meanCosineByLayer", "massNearOneByLayer", "effectiveRankByLayer", "updateShares"];

let fixtures: ModelFixtures;
beforeAll(async () => {
  fixtures = await modelFixtures("bert", "gpt2");
});
afterAll(() => fixtures.remove());

function probe(model: string, ...more: readonly string[]): Promise<CliResult> {
  return runCli(["probe", fixtures.model(model), "--inputs", fixtures.inputs(model), ...more], { cwd: fixtures.cwd });
}

function at(...path: string[]): string {
  return join(fixtures.cwd, ...path);
}

/** Names that begin with a dot: drafts are hidden until they are complete. */
function drafts(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(".")) : [];
}

describe.each([
  { model: "bert", layers: 3, norm: false },
  { model: "gpt2", layers: 3, norm: true },
])("probe of $model with raw inputs", ({ model, layers, norm }) => {
  const run = `runs/${model}`;
  const labels = [0, 1, 2, 3, ...(norm ? ["final_norm"] : [])];
  let result: CliResult;
  let lines: string[];
  let rows: MetricRow[];
  beforeAll(async () => {
    result = await probe(model, "--out", run, "--save-states", "--parquet", "--json");
    const csv = readFileSync(at(run, "metrics.csv"), "utf8");
    lines = csv.trimEnd().split("\n");
    rows = METRICS.fromCsv(csv);
  });

  it("ends well and leaves a complete run, and no draft", () => {
    expect(result).toMatchObject({ code: 0, failed: [] });
    const figures = FIGURES.flatMap((name) => [".png", ".svg", ".vl.json"].map((end) => `${name}${end}`));
    const files = [
      ...["tokens", "pairs", "clusters", "coordinates", "metrics", "updates"].flatMap((table) => [
        `${table}.csv`,
        `${table}.parquet`,
      ]),
      "explorer.json",
      "histograms.json",
      "manifest.json",
      "report.html",
      "states.safetensors",
    ];
    expect(readdirSync(at(run))).toEqual([...figures, ...files].sort());
    expect(drafts(dirname(at(run)))).toEqual([]);
  });

  it("prints one JSON document that names what was written", () => {
    const { metrics, paths } = jsonOf(result) as { metrics: MetricRow[]; paths: Record<string, string> };
    expect(metrics).toEqual(rows);
    expect(Object.values(paths).every((path) => existsSync(path))).toBe(true);
  });

  it("writes metrics in long form: one row per text, layer and measure", () => {
    expect(lines[0]).toBe(HEADER);
    const keys = rows.map(({ text, layer, measure }) => `${text} ${layer} ${measure}`);
    expect(new Set(keys).size).toBe(keys.length);
    const measures = [...new Set(rows.map((r) => r.measure))];
    expect(keys).toHaveLength(2 * labels.length * measures.length);
    expect([...new Set(rows.map((r) => r.text))]).toEqual([0, 1]);
    expect([...new Set(rows.map((r) => r.layer))]).toEqual(labels);
    expect(measures).toEqual(expect.arrayContaining(["mean_cosine", "sd_cosine", "mass_0.9", "effective_rank"]));
  });

  it("leaves unknown bounds empty and never writes NaN", () => {
    for (const line of lines.slice(1)) {
      expect(line).toMatch(/^\d+,(\d+|final_norm),[a-z][a-z0-9_.]*,[-+\d.e]+,[-+\d.e]*,[-+\d.e]*,[-+\d.e]*,\d+,\d+$/);
    }
    expect(rows.some((r) => r.lo === null && r.hi === null)).toBe(true);
    for (const { value, lo, hi } of rows) {
      expect(lo === null).toBe(hi === null);
      if (lo !== null && hi !== null) expect([lo, value, hi]).toEqual([lo, value, hi].sort((a, b) => a - b));
    }
  });

  it("does not count masked positions", () => {
    // Twelve positions; the second row's last four are masked where the model was given a mask.
    const sizes = [0, 1].map((text) => rows.find((r) => r.text === text)!.n);
    expect(sizes).toEqual([12, 8]);
    const { histograms } = readRun(at(run)).data;
    for (const { n, layers: all } of histograms.texts) {
      for (const { counts } of all) expect(counts.reduce((a, b) => a + b, 0)).toBe((n * (n - 1)) / 2);
    }
  });

  it("saves every state of every position as the model gave it", async () => {
    const file = await openSafetensors(at(run, "states.safetensors"));
    const expected = labels.map((label) => (label === "final_norm" ? label : `hidden_states.${label}`));
    for (const name of expected) expect(file.tensors.get(name)).toMatchObject({ type: "F32", shape: [2, 12, 32] });
    expect([...file.tensors.keys()].sort()).toEqual([...expected, "attention_mask"].sort());
    await file.close();
    const [states] = await readHiddenStates(at(run, "states.safetensors"));
    // float32 sums in another order than PyTorch's: about 40 ulp of states of size 1 to 5.
    for (const [layer, { max }] of await distances(states, fixtures.folder(model))) {
      expect(max, `layer ${layer}`).toBeLessThan(1e-5);
    }
  });

  it("records what was done: model, layers and their tensors, texts, policy, hashes", () => {
    const { manifest } = readRun(at(run));
    expect(manifest).toMatchObject({
      command: "probe",
      seed: DEFAULT_SEED,
      created: "2026-01-02T03:04:05.000Z",
      versions: { tokensphere: expect.any(String), node: process.versions.node },
      model: { layers, sha256: expect.stringMatching(/^[0-9a-f]{64}$/), ran: { providers: ["cpu"] } },
      texts: [{ counted: 12 }, { counted: 8 }],
      policy: { specialTokens: "drop", specialKnown: false, normalize: "l2", diagonal: "exclude" },
    });
    const stream = manifest.model!.stream as { layer: unknown; tensor: string }[];
    expect(stream.map((p) => p.layer)).toEqual(labels);
    expect(Object.keys(manifest.files)).toEqual(readdirSync(at(run)).filter((name) => name !== "manifest.json"));
  });
});

describe("padding", () => {
  it("changes nothing: a padded row measures as the same row without padding", async () => {
    cutInputs(fixtures.inputs("bert"), 1, 8, at("row.json"));
    const plain = await runCli(["probe", fixtures.model("bert"), "--inputs", at("row.json"), "--json"], {
      cwd: fixtures.cwd,
    });
    const padded = await probe("bert", "--json");
    const metrics = (result: CliResult) => (jsonOf(result) as { metrics: MetricRow[] }).metrics;
    const second = metrics(padded).filter((r) => r.text === 1);
    const alone = metrics(plain);
    expect(alone.map((r) => [r.layer, r.measure, r.n])).toEqual(second.map((r) => [r.layer, r.measure, r.n]));
    alone.forEach((row, i) => {
      // float32 states that differ by some ulp, seen through sums and logarithms.
      const close = 1e-4 * Math.max(1, Math.abs(row.value));
      expect(Math.abs(row.value - second[i].value), `${row.measure} of layer ${row.layer}`).toBeLessThan(close);
    });
  });
});

describe("where a run is written", () => {
  it("is a new folder under runs/ named for the moment and the model, where nothing is said", async () => {
    const { out } = await probe("bert");
    const report = out[out.length - 1];
    expect(report).toMatch(/runs\/2026-01-02T03-04-05-model\.onnx(-\d+)?\/report\.html$/);
    expect(existsSync(report)).toBe(true);
    const next = await probe("bert");
    expect(next.out[next.out.length - 1]).not.toBe(report);
  });

  it("is not a folder that holds something, unless that is a run and --force is given", async () => {
    await probe("bert", "--out", "mine");
    const before = readFileSync(at("mine/manifest.json"), "utf8");
    const again = await probe("bert", "--out", "mine");
    expect(again).toMatchObject({ code: 2, out: [] });
    expect(again.failed).toEqual([expect.stringMatching(/^error: --out: .* is not empty\. add --force/)]);
    expect(readFileSync(at("mine/manifest.json"), "utf8")).toBe(before);
    expect(await probe("bert", "--out", "mine", "--force", "--save-states")).toMatchObject({ code: 0 });
    expect(existsSync(at("mine/states.safetensors"))).toBe(true);
  });

  it("is never a folder of other things, --force or not", async () => {
    writeFileSync(at("notes.txt"), "keep me");
    const result = await probe("bert", "--out", ".", "--force");
    expect(result.code).toBe(2);
    expect(readFileSync(at("notes.txt"), "utf8")).toBe("keep me");
  });
});

describe("a probe that fails", () => {
  it("leaves neither run nor draft behind", async () => {
    writeFileSync(at("bad.json"), JSON.stringify({ input_ids: { dtype: "int64", shape: [1, 3], data: [5, 6, 9999] } }));
    const result = await runCli(["probe", fixtures.model("bert"), "--inputs", at("bad.json"), "--out", "failed/run"], {
      cwd: fixtures.cwd,
    });
    expect(result).toMatchObject({ code: 3, out: [] });
    expect(result.failed).toHaveLength(1);
    expect(existsSync(at("failed/run"))).toBe(false);
    expect(drafts(at("failed"))).toEqual([]);
  });
});
