import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { ModelDescription } from "../../models/model-description.ts";
import { inspectText } from "../../src/terminal/inspect-text.ts";
import { type ModelFixtures, modelFixtures } from "./model-fixtures.ts";
import { jsonOf, runCli } from "./run-cli.ts";

const value = z.looseObject({ name: z.string().min(1) });
const counts = z.record(z.string(), z.int().min(1));
const branch = z.strictObject({
  kind: z.enum(["attention", "mlp", "attention and mlp"]),
  norm: z.strictObject({
    place: z.enum(["post", "pre", "inside", "peri", "pre and post", "none"]),
    kind: z.union([z.string(), z.null()]),
  }),
  products: counts,
  attention: counts,
  activation: z.union([z.string(), z.null()]),
  gated: z.boolean(),
  operators: counts,
});
const block = z.strictObject({
  block: z.int().min(1),
  branches: z.array(branch).min(1),
  weights: z.union([z.string().regex(/^[A-Z]+$/), z.null()]),
  precision: z.string(),
  resid_mid: z.union([z.string(), z.null()]),
  attentions: z.array(z.string()),
});
/** The keys that are promised; there may be more. */
const inspectSchema = z.looseObject({
  model: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  layers: z.int().min(1),
  hidden_size: z.int().min(1),
  norm: z.enum(["post", "pre"]),
  parallel: z.boolean(),
  shared_weights: z.boolean(),
  inputs: z.array(value).min(1),
  outputs: z.array(value).min(1),
  stream: z.array(
    z.strictObject({
      layer: z.union([z.int().min(0), z.literal("final_norm")]),
      name: z.string(),
      tensor: z.string().min(1),
    }),
  ),
  blocks: z.array(block).min(1),
  notes: z.array(z.string()),
  warnings: z.array(z.string()),
});

let fixtures: ModelFixtures;
beforeAll(async () => {
  fixtures = await modelFixtures("albert", "gpt2", "modernbert", "llama");
}, 60_000);
afterAll(() => fixtures.remove());

function inspect(model: string, ...more: readonly string[]) {
  return runCli(["inspect", fixtures.model(model), ...more], { cwd: fixtures.cwd });
}

describe("inspect", () => {
  it.each([
    { model: "albert", layers: 6, norm: "post", shared: true, last: 6 },
    { model: "gpt2", layers: 3, norm: "pre", shared: false, last: "final_norm" },
  ])("keeps its promise of keys for $model", async ({ model, layers, norm, shared, last }) => {
    const described = inspectSchema.parse(jsonOf(await inspect(model, "--json")));
    expect(described).toMatchObject({ layers, norm, shared_weights: shared, parallel: false, hidden_size: 32 });
    expect(described.stream[0].layer).toBe(0);
    expect(described.stream[described.stream.length - 1].layer).toBe(last);
    expect(described.blocks.map((b) => b.block)).toEqual(Array.from({ length: layers }, (_, k) => k + 1));
    expect(described.blocks.every(({ weights }) => (weights === "A") === shared)).toBe(true);
    expect(described.blocks.every((b) => b.attentions.length === 1 && b.resid_mid !== null)).toBe(true);
  });

  it.each([
    ["A A A A A A", "blocks share weights"],
    ["- A A A A A", "some blocks share weights"],
    ["A A A B B B", "blocks share weights"],
    ["- - - - - -", "weights of its own in each block"],
  ])("says of blocks with the weights %s: %s", async (letters, words) => {
    const described = jsonOf(await inspect("albert", "--json")) as ModelDescription;
    const weights = letters.split(" ").map((letter) => (letter === "-" ? null : letter));
    const blocks = described.blocks.map((block, k) => ({ ...block, weights: weights[k] }));
    expect(
      inspectText({ ...described, blocks })[1]
        .split(", ")
        .at(-1),
    ).toBe(words);
  });

  it("takes a folder as it takes a file", async () => {
    const byFolder = await runCli(["inspect", fixtures.folder("gpt2"), "--json"], { cwd: fixtures.cwd });
    const { model, ...rest } = jsonOf(byFolder) as Record<string, unknown>;
    expect(model).toBe(fixtures.folder("gpt2"));
    expect(jsonOf(await inspect("gpt2", "--json"))).toMatchObject(rest);
  });

  it("prints a table of blocks and a table of tensors where no JSON is asked for, and writes nothing", async () => {
    const { code, out } = await inspect("albert");
    expect(code).toBe(0);
    const at = (head: string) => out.findIndex((line) => line.startsWith(head));
    expect(out.slice(at("block "), at("state ") - 1)).toEqual([
      "block  norm            attention          MLP                    weights",
      "  1–6  post LayerNorm  4 MatMul, Softmax  2 MatMul, Gelu (tanh)  A",
    ]);
    const names = out.slice(at("state ") + 1).flatMap((line) => /^[a-z_]+\.\d+(?= )/.exec(line) ?? []);
    const block = (k: number) => [`hidden_states.${k}`, `attentions.${k}`, `resid_mid.${k}`];
    expect(names).toEqual([...[0, 1, 2, 3, 4, 5].flatMap(block), "hidden_states.6"]);
    expect(existsSync(join(fixtures.cwd, "runs"))).toBe(false);
  });

  it("tells blocks apart that differ, and in what", async () => {
    const { out } = await runCli(["inspect", fixtures.model("albert", "model_int8.onnx")], { cwd: fixtures.cwd });
    expect(out[2]).toBe("ONNX, opset 14, onnx.quantize; 7 of 37 products are int8, the others float32");
    const rows = out.filter((line) => /^ +\d(–\d)? /.test(line)).map((line) => line.trim().split(/ {2,}/));
    expect(rows).toEqual([
      ["1", "post LayerNorm", "4 MatMulInteger, Softmax", "2 MatMulInteger, Gelu (tanh)", "own", "int8"],
      ["2–6", "post LayerNorm", "4 MatMul, Softmax", "2 MatMul, Gelu (tanh)", "A", "float32"],
    ]);
  });

  it("explains what the graph cannot say, in notes", async () => {
    const { out } = await runCli(["inspect", fixtures.model("albert", "model_ortfused.onnx")], { cwd: fixtures.cwd });
    expect(out).toContain("note: no attention probabilities of blocks 2–6: a fused operator keeps them to itself");
    const { out: gpt2 } = await inspect("gpt2");
    expect(gpt2.join(" ")).toMatch(/final_norm the norm after it; hidden_states\[3\] of Hugging +Face is final_norm$/);
  });

  it("names the tensors of a checkpoint's graph in one line", async () => {
    const { out } = await runCli(["inspect", fixtures.model("llama", "model.safetensors")], { cwd: fixtures.cwd });
    expect(out).toContain("tensors: hidden_states.k, attentions.k, resid_mid.k, final_norm");
    expect(out).toContain("  1–3  pre RMSNorm  4 Gemm, Softmax  3 Gemm, gated Silu");
  });

  it.each([
    ["albert", "model_dynamo.onnx"],
    ["albert", "model_torch113.onnx"],
    ["albert", "model_ortfused.onnx"],
    ["modernbert", "model.onnx"],
    ["gpt2", "model_with_past.onnx"],
    ["llama", "model.onnx"],
  ])("fits a terminal of 100 columns: %s/%s", async (folder, file) => {
    const { out } = await runCli(["inspect", fixtures.model(folder, file)], { cwd: fixtures.cwd });
    // The path is the user's own.
    expect(out.slice(1).filter((line) => [...line].length > 100)).toEqual([]);
  });

  it("writes inspect.json where a folder is named, and again over it with --force only", async () => {
    const { out } = await inspect("albert", "--json", "--out", "about");
    const file = join(fixtures.cwd, "about/inspect.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      format: "tokensphere/inspect",
      version: 1,
      ...JSON.parse(out[0]),
    });
    expect((await inspect("albert", "--out", "about")).code).toBe(2);
    expect((await inspect("gpt2", "--out", "about", "--force")).code).toBe(0);
    expect(JSON.parse(readFileSync(file, "utf8")).layers).toBe(3);
  });
});
