import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSafetensors } from "../../models/arrays/safetensors-writer.ts";
import { readHiddenStates } from "../../models/states/read-hidden-states.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { FitResult } from "../../src/fit/fit-result.ts";
import type { MetricRow } from "../../src/run/metrics.ts";
import { readRun } from "../../src/run/read-run.ts";
import { writeToyTokenizer } from "../models/toy-tokenizer.ts";
import { bytesOf, floats, npyBytes, npzBytes } from "../models/write-npz.ts";
import { SKIPS } from "../skips.ts";
import { FIT_ONLY } from "./fit-only.ts";
import { type ModelFixtures, modelFixtures } from "./model-fixtures.ts";
import { jsonOf, runCli } from "./run-cli.ts";

const TEXT = "the sphere and a token and the sphere";
/** What is fitted here is looked at for what it observed: one family, one time map. */
const QUICK = ["--bootstrap", "0", "--beta-range", "1,4", "--families", "sa", "--time", "linear"];
const albert = fileURLToPath(new URL("../../../shared/models/rxnmapper-albert", import.meta.url));

let fixtures: ModelFixtures;
beforeAll(async () => {
  fixtures = await modelFixtures("bert", "electra");
  await writeToyTokenizer(fixtures.folder("bert"));
  await writeToyTokenizer(fixtures.folder("electra"));
  await probe(fixtures.folder("bert"), "--text", TEXT, "--save-states", "--out", "run");
  await writeForms(at("run/states.safetensors"), at("."));
});
afterAll(() => fixtures.remove());

function at(...path: string[]): string {
  return join(fixtures.cwd, ...path);
}

function run(...args: readonly string[]) {
  return runCli(args, { cwd: fixtures.cwd });
}

async function probe(...args: readonly string[]): Promise<MetricRow[]> {
  return (jsonOf(await run("probe", ...args, "--json")) as { metrics: MetricRow[] }).metrics;
}

/** One text's states as PyTorch and NumPy would save them: nothing but numbers. */
async function writeForms(from: string, folder: string): Promise<void> {
  const [{ n, d, layers }] = await readHiddenStates(from);
  const arrays = Object.fromEntries(layers.map(({ x }, k) => [`arr_${k}`, floats([1, n, d], x)]));
  const stack = floats(
    [layers.length, n, d],
    layers.flatMap(({ x }) => [...x]),
  );
  writeFileSync(join(folder, "positional.npz"), npzBytes(arrays));
  writeFileSync(join(folder, "deflated.npz"), npzBytes({ hidden_states: stack }, true));
  writeFileSync(join(folder, "stack.npy"), npyBytes(stack));
  await writeTensors(join(folder, "named.safetensors"), layers, [1, n, d]);
}

async function writeTensors(path: string, layers: HiddenStates["layers"], shape: readonly number[]): Promise<void> {
  const file = await createSafetensors(path);
  const entries = new Map();
  for (const { layer, x } of layers) {
    entries.set(`hidden_states.${layer}`, await file.append({ dtype: "float32", shape, data: x }));
  }
  await file.finish(entries);
}

const FORMS = ["positional.npz", "deflated.npz", "stack.npy", "named.safetensors"];

describe("states from a file", () => {
  let kept: MetricRow[];
  beforeAll(async () => {
    kept = await probe(fixtures.folder("bert"), "--text", TEXT, "--special-tokens", "keep");
  });

  it.each(FORMS)("measure as the model itself does, all tokens kept: %s", async (file) => {
    expect(await probe(file, "--out", `probed-${file}`)).toEqual(kept);
    const { manifest, data } = readRun(at(`probed-${file}`));
    expect(data.metrics).toEqual(kept);
    expect(manifest.policy).toMatchObject({ specialTokens: "drop", specialKnown: false });
    expect(manifest.states).toEqual({ name: file, sha256: sha256(at(file)) });
    expect(manifest).toMatchObject({
      arguments: { states: file },
      texts: [{ name: file, counted: 10, special: null }],
    });
    expect(manifest.model).toBeUndefined();
  });

  it("fit and compare alike, and as the model itself", async () => {
    const {
      source: _,
      policy: __,
      ...model
    } = (await fitted("compare", fixtures.folder("bert"), "--text", TEXT, "--special-tokens", "keep")).observed;
    for (const [command, file] of [
      ["fit", "stack.npy"],
      ["compare", "stack.npy"],
      ["compare", "deflated.npz"],
    ] as const) {
      const { source, policy, ...observed } = (await fitted(command, file)).observed;
      expect(observed).toEqual(model);
      expect({ source, policy }).toMatchObject({ source: file, policy: { specialKnown: false } });
    }
  });

  it("of a run folder keep its policy, its special positions, its names and its tokens", async () => {
    const own = await probe(
      fixtures.folder("bert"),
      "--text",
      TEXT,
      "--center",
      "mean",
      "--save-states",
      "--out",
      "centred",
    );
    expect(await probe("centred")).toEqual(own);
    await run("probe", "centred", "--out", "again");
    const { manifest } = readRun(at("again"));
    expect(manifest.policy).toMatchObject({ center: "mean", specialKnown: true });
    expect(manifest.texts).toMatchObject([{ name: "text 0", tokens: ["[CLS]", ...TEXT.split(" "), "[SEP]"] }]);
    expect(await probe("run", "--special-tokens", "only")).toEqual(
      await probe(fixtures.folder("bert"), "--text", TEXT, "--special-tokens", "only"),
    );
  });

  it("are many texts where there is a batch, named by file and row", async () => {
    const [{ n, d, layers }] = await readHiddenStates(at("stack.npy"));
    const two = layers.flatMap(({ x }) => [...x, ...x.map((value) => value + 1)]);
    const mask = {
      descr: "<i8",
      shape: [2, n],
      data: bytesOf(BigInt64Array.from({ length: 2 * n }, (_, i) => (i < n + 4 ? 1n : 0n))),
    };
    writeFileSync(
      at("two.npz"),
      npzBytes({ hidden_states: floats([layers.length, 2, n, d], two), attention_mask: mask }),
    );
    const rows = await probe("two.npz", "--out", "two");
    expect(rows.filter(({ text }) => text === 0)).toEqual(await probe("stack.npy"));
    expect(new Set(rows.filter(({ text }) => text === 1).map((row) => row.n))).toEqual(new Set([4]));
    expect(readRun(at("two")).manifest.texts).toMatchObject([
      { name: "two.npz row 0" },
      { name: "two.npz row 1", counted: 4 },
    ]);
  });

  it.each(["probe", "compare", "fit"])("are refused by the name of the row at fault: %s", async (command) => {
    const x = Float32Array.from({ length: 3 * 2 * 3 * 2 }, (_, i) => 1 + (i % 5));
    const mask = { descr: "<i8", shape: [2, 3], data: bytesOf(BigInt64Array.of(1n, 1n, 1n, 1n, 0n, 0n)) };
    writeFileSync(at("short.npz"), npzBytes({ hidden_states: floats([3, 2, 3, 2], x), attention_mask: mask }));
    expect((await run(command, "short.npz")).failed).toEqual([
      expect.stringMatching(/^error: short\.npz row 1: 1 token left after the policy; two are needed/),
    ]);
  });

  it("count their layers without the norm that follows them", async () => {
    const layer = floats([4, 2], Float32Array.of(1, 2, 3, 1, 2, 5, 1, 1));
    const layers = { "hidden_states.0": layer, "hidden_states.1": layer, final_norm: layer };
    writeFileSync(at("normed.npz"), npzBytes(layers));
    expect((await run("probe", "normed.npz")).said).toEqual([
      "note: normed.npz holds hidden states of 2 layers, d = 2: no model is run",
    ]);
    expect(new Set((await probe("normed.npz", "--out", "normed")).map((row) => row.layer))).toContain("final_norm");
  });

  it("without an embedding are layers from 1 on, which is said", async () => {
    const [{ n, d, layers }] = await readHiddenStates(at("run/states.safetensors"));
    const named = layers.slice(1).map(({ x }, k) => [`blocks.${k}.hook_resid_post`, floats([1, n, d], x)] as const);
    writeFileSync(at("behind.npz"), npzBytes(Object.fromEntries(named)));
    const { said, out } = await run("probe", "behind.npz", "--out", "behind");
    expect(said).toContain(
      `note: no embedding (layer 0) in behind.npz: layers are 1 to ${named.length}, and a fit starts at layer 1`,
    );
    expect(out.join("\n")).toContain(`${named.length} layers without the embedding`);
    expect(readRun(at("behind")).data.metrics[0].layer).toBe(1);
  });

  it("say what they are, and a checkpoint says so too: the tensors decide, not the name", async () => {
    expect((await run("probe", "named.safetensors")).said).toEqual([
      "note: named.safetensors holds hidden states of 4 layers, d = 32: no model is run",
    ]);
    const weights = join(fixtures.folder("electra"), "model.safetensors");
    const checkpoint = await run("probe", weights, "--text", TEXT);
    expect(checkpoint.said).toEqual([
      expect.stringMatching(/model\.safetensors holds a model's weights: the model is run$/),
    ]);
    expect((await run("fit", weights)).failed).toEqual([
      expect.stringMatching(/no tensor hidden_states\.0: it holds .*\. name the layers/),
    ]);
  });

  it("beside a model are not taken for the model's folder", async () => {
    cpSync(fixtures.folder("bert"), at("both"), { recursive: true });
    cpSync(at("run/states.safetensors"), at("both/states.safetensors"));
    expect(await probe(at("both"), "--text", TEXT)).toEqual(await probe("run"));
    expect((await run("probe", at("both"))).failed[0]).toMatch(/no text given/);
  });
});

describe("states that cannot be used", () => {
  it.each([
    [["--text", "hello"], "--text: stack.npy holds hidden states, no model is run. leave it out"],
    [["--depth", "4"], "--depth: stack.npy holds hidden states, no model is run. leave it out"],
    [["--random-init", "4"], "--random-init: stack.npy holds hidden states, no model is run. leave it out"],
    [["--chunk", "max"], "--chunk: stack.npy holds hidden states, no model is run. leave it out"],
    [["--attentions"], "--attentions: stack.npy holds hidden states, no model is run. leave it out"],
  ])("with flags of a model are refused: %o", async (flags, message) => {
    expect(await run("probe", "stack.npy", ...flags)).toMatchObject({
      code: 2,
      out: [],
      failed: [`error: ${message}`],
    });
  });

  it.each([
    [["inspect", "stack.npy"], 3, "no model: stack.npy holds hidden states or a run. give it to probe, compare or fit"],
    [["inspect", "run"], 3, "no model: run holds hidden states or a run. give it to probe, compare or fit"],
    [
      ["probe", "stack.npy", "--preset", "glpr-figure1"],
      2,
      "--preset: stack.npy holds hidden states or a run, a preset runs a model. leave it out, or give the model",
    ],
  ] as const)("are no model: %o", async (args, code, message) => {
    expect(await run(...args)).toMatchObject({ code, out: [], failed: [`error: ${message}`] });
  });

  it("lie beside no numbers where a file of the run is gone, which report says in words", async () => {
    cpSync(at("run"), at("gone"), { recursive: true });
    rmSync(at("gone/metrics.csv"));
    expect((await run("report", "gone")).failed).toEqual([
      expect.stringMatching(/^error: .*metrics\.csv: gone\. make the run again, or bring the file back$/),
    ]);
  });

  it("for attention that a run has measured are refused with the place of the measures", async () => {
    await run("probe", fixtures.folder("bert"), "--text", TEXT, "--attentions", "--save-states", "--out", "attentive");
    const what = "--attentions: probabilities saved in attentive are not measured again";
    expect((await run("probe", "attentive", "--attentions")).failed).toEqual([
      `error: ${what}. leave it out: attention.csv there has the measures`,
    ]);
  });

  it.each([
    ["pickle.pt", () => new Uint8Array(8), /pickle\.pt: a pickle is never read\. save states as/],
    [
      "cut.npz",
      () => readFileSync(at("positional.npz")).subarray(0, 900),
      /cut\.npz: no zip archive, or one that was cut/,
    ],
    [
      "one.npy",
      () => npyBytes(floats([1, 2, 3], [1, 2, 3, 4, 5, 6])),
      /one layer only, two are needed\. give the embedding/,
    ],
    [
      "lonely.npy",
      () => npyBytes(floats([2, 1, 3], [1, 2, 3, 4, 5, 6])),
      /lonely\.npy: one token a text, two are needed\. give states of texts with two tokens at least/,
    ],
    ["words.npy", () => new TextEncoder().encode("not an array at all"), /words\.npy: no \.npy file/],
    ["weights.npz", () => npzBytes({ w: floats([1], [1]) }), /no tensor hidden_states\.0: it holds w\./],
  ] as const)("are refused in one line by every command: %s", async (name, bytes, message) => {
    writeFileSync(at(name), bytes());
    for (const command of ["probe", "fit", "compare"]) {
      const before = readdirSync(fixtures.cwd);
      const { code, out, failed } = await run(command, name);
      expect({ code, out, lines: failed.length }).toEqual({ code: 3, out: [], lines: 1 });
      expect(failed[0]).toMatch(message);
      expect(readdirSync(fixtures.cwd)).toEqual(before);
    }
  });

  it("are not written over", async () => {
    for (const command of ["probe", "compare"]) {
      expect(await run(command, "run", "--out", "run", "--force")).toMatchObject({
        code: 2,
        failed: ["error: --out: run is the run that is read. give another folder"],
      });
    }
    expect(existsSync(at("run/states.safetensors"))).toBe(true);
  });

  it("are missing in a run that kept none", async () => {
    await run("probe", "stack.npy", "--out", "bare");
    expect((await run("probe", "bare")).failed).toEqual([
      "error: no states.safetensors in bare. run probe or compare again with --save-states",
    ]);
    mkdirSync(at("nothing"));
    expect((await run("probe", at("nothing"))).failed[0]).toMatch(/no fp32 ONNX file/);
  });
});

describe.skipIf(SKIPS.shared.skipped)("a pretrained model", () => {
  it("measures the same through ONNX and from every file of its states", async () => {
    const smiles = "CC(C)S.CN(C)C=O.Fc1cccnc1F>>CC(C)Sc1ncccc1F";
    const rows = await probe(albert, "--text", smiles, "--special-tokens", "keep", "--save-states", "--out", "albert");
    mkdirSync(at("albert-forms"));
    await writeForms(at("albert/states.safetensors"), at("albert-forms"));
    for (const form of FORMS) expect(await probe(at("albert-forms", form))).toEqual(rows);
  });
});

async function fitted(...args: readonly string[]): Promise<FitResult> {
  const lean = args[0] === "compare" ? FIT_ONLY : [];
  return jsonOf(await run(...args, ...lean, ...QUICK, "--json")) as FitResult;
}

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
