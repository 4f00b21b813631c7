import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSafetensors, readFloats } from "../../models/arrays/safetensors-reader.ts";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { readOnnxGraph } from "../../models/onnx/graph.ts";
import { openModel } from "../../models/open-model.ts";
import { readHiddenStates } from "../../models/states/read-hidden-states.ts";
import { writeHiddenStates } from "../../models/states/write-hidden-states.ts";
import { attentionOf } from "../../models/stream/attention-tensors.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { findResidualStream } from "../../models/stream/residual-stream.ts";
import { blocksInWords, checkExtras } from "../../models/stream/stream-extras.ts";
import { renameTensors } from "./rename-tensors.ts";
import { layerNorm, TOY, toyTransformer } from "./toy-transformer.ts";
import { unpackFixtures } from "./unpack-fixtures.ts";

// float32 summed in another order than PyTorch's: probabilities are at most 1, states 1 to 5. Measured: 1.0e-6 for
// attention and 8.0e-6 for resid_mid (both of Llama's checkpoint), below 5e-7 and 3e-6 elsewhere.
const LIMIT = 2e-5;
// Half precision is good to 2⁻¹¹ a step, int8 to 2⁻⁸ a product; scores reach 10 before the softmax.
const COARSE = { fp16: { attention: 5e-3, mid: 2e-2 }, int8: { attention: 0.1, mid: 0.3 } };

const FILES = [
  ...["albert/model.onnx", "albert/model_masklm.onnx", "albert/model_dynamo.onnx", "albert/model_sdpa_op18.onnx"],
  ...["albert/model_torch113.onnx", "albert/model_fp16.onnx", "albert/model_int8.onnx", "albert/model.safetensors"],
  ...["bert/model.onnx", "bert/model_extdata.onnx", "distilbert/model.onnx", "roberta/model.onnx", "vit/model.onnx"],
  ...["gpt2/model.onnx", "gpt2/model_with_past.onnx", "llama/model.onnx", "llama/model.safetensors"],
  ...["modernbert/model.onnx", "modernbert/model.safetensors", "t5-encoder/model.onnx", "t5-encoder/model.safetensors"],
];

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
beforeAll(async () => {
  fixtures = await unpackFixtures(...new Set(FILES.map((file) => file.split("/")[0])));
}, 60_000);
afterAll(() => fixtures.remove());

const at = (...path: string[]) => join(fixtures.folder, ...path);

async function statesOf(file: string, warn: (message: string) => void = () => {}): Promise<HiddenStates> {
  const model = await openModel(at(file), { threads: 1, residMid: true, attentions: true, warn });
  const given = await readInputs(at(dirname(file), "inputs.json"));
  const known = new Set(model.description.inputs.map(({ name }) => name));
  const states = await model.states(Object.fromEntries(Object.entries(given).filter(([name]) => known.has(name))));
  await model.close();
  return states;
}

/** Largest difference over rows of `width` numbers whose position counts; heads lie between batch and positions. */
function largest(x: Float32Array, y: Float32Array, width: number, heads: number, { n, mask }: HiddenStates): number {
  if (x.length !== y.length) throw new Error(`${x.length} values against ${y.length}`);
  let max = 0;
  for (let i = 0; i < x.length; i++) {
    const row = Math.floor(i / width);
    if (mask[Math.floor(row / (heads * n)) * n + (row % n)] !== 0) max = Math.max(max, Math.abs(x[i] - y[i]));
  }
  return max;
}

async function floats(file: string, name: string): Promise<Float32Array> {
  const opened = await openSafetensors(at(file));
  const { x } = await readFloats(opened, name);
  await opened.close();
  return x;
}

describe.each(FILES)("%s", (file) => {
  const folder = dirname(file);
  const coarse = file.includes("fp16") ? COARSE.fp16 : file.includes("int8") ? COARSE.int8 : null;

  it("gives Hugging Face's attention probabilities and resid_mid of every block", async () => {
    const states = await statesOf(file);
    const layers = states.layers.filter(({ layer }) => layer !== "final_norm").length - 1;
    expect(states.attentions?.map(({ layer }) => layer)).toEqual(Array.from({ length: layers }, (_, k) => k));
    expect(states.residMid?.map(({ layer }) => layer)).toEqual(Array.from({ length: layers }, (_, k) => k));
    for (const { layer, heads, probabilities } of states.attentions ?? []) {
      const y = await floats(`${folder}/reference.safetensors`, `attentions.${layer}`);
      expect(heads).toBe(4);
      expect
        .soft(largest(probabilities, y, states.n, heads, states), `block ${layer}`)
        .toBeLessThan(coarse?.attention ?? LIMIT);
    }
    for (const { layer, x } of states.residMid ?? []) {
      const y = await floats(`${folder}/resid_mid.safetensors`, `resid_mid.${layer}`);
      expect.soft(largest(x, y, states.d, 1, states), `block ${layer}`).toBeLessThan(coarse?.mid ?? LIMIT);
    }
  });
});

describe("attention probabilities", () => {
  it("sum to 1 over the positions that count, and give nothing to padding", async () => {
    const { n, mask, attentions } = await statesOf("bert/model.onnx");
    for (const { heads, probabilities } of attentions ?? []) {
      for (let row = 0; row < probabilities.length / n; row++) {
        const text = Math.floor(row / (heads * n));
        const weights = probabilities.subarray(row * n, (row + 1) * n);
        const counted = weights.reduce((sum, weight, j) => sum + (mask[text * n + j] ? weight : 0), 0);
        // Twelve float32 terms of a softmax.
        expect(Math.abs(counted - 1)).toBeLessThan(1e-6);
      }
    }
  });

  it("are found under any names", () => {
    for (const file of ["albert/model_dynamo.onnx", "gpt2/model.onnx", "vit/model.onnx"]) {
      const bytes = new Uint8Array(readFileSync(at(file)));
      const renamed = renameTensors(bytes);
      const before = findResidualStream(readOnnxGraph(bytes));
      const after = findResidualStream(readOnnxGraph(renamed.bytes));
      const names = (list: readonly (string | null)[]) => list.map((name) => renamed.names.get(name ?? ""));
      expect(after.attentions.flat()).toEqual(names(before.attentions.flat()));
      expect(after.residMid).toEqual(names(before.residMid));
      expect(after.blocks).toEqual(before.blocks);
    }
  });

  it("are neither computed nor given where nobody asks, and change nothing where somebody does", async () => {
    const model = await openModel(at("bert/model.onnx"), { threads: 1 });
    const plain = await model.states(await readInputs(at("bert/inputs.json")));
    await model.close();
    expect(plain).not.toHaveProperty("attentions");
    expect(plain).not.toHaveProperty("residMid");
    const { attentions, residMid, ...rest } = await statesOf("bert/model.onnx");
    expect(attentions).toHaveLength(3);
    expect(residMid).toHaveLength(3);
    expect({ ...rest, layers: [] }).toEqual({ ...plain, layers: [] });
    for (const [k, { x }] of rest.layers.entries()) {
      // More outputs, fewer fusions: sums in another order.
      expect(largest(x, plain.layers[k].x, plain.d, 1, plain)).toBeLessThan(1e-5);
    }
  });

  it("are told of where some blocks hide them and no checkpoint is at hand", async () => {
    const folder = at("fused");
    await mkdir(folder);
    for (const name of ["model_ortfused.onnx", "inputs.json"]) await copyFile(at("albert", name), join(folder, name));
    const said: string[] = [];
    const some = await statesOf("fused/model_ortfused.onnx", (message) => said.push(message));
    expect(some.attentions?.map(({ layer }) => layer)).toEqual([0]);
    expect(said).toContain("no attention probabilities of blocks 2–6 of 6: a fused operator keeps them to itself");
  });

  it("are refused where every block hides them", () => {
    const { bytes } = toyTransformer((b, x) => {
      const [q, k, v] = [0, 1, 2].map(() => b.op("MatMul", [x, b.weight([TOY.d, TOY.d])]));
      return layerNorm(
        b,
        b.op("Add", [x, b.op("MultiHeadAttention", [q, k, v], { num_heads: { int: 2 } }, "com.microsoft")]),
      );
    });
    const stream = findResidualStream(readOnnxGraph(bytes));
    expect(() => checkExtras(stream, { attentions: true }, () => {})).toThrow(
      "no attention probabilities: in all 2 blocks a fused operator keeps them to itself",
    );
    expect(() => checkExtras(stream, {}, () => {})).not.toThrow();
  });

  it("come from the checkpoint where a file beside it hides them, and that is said", async () => {
    const folder = at("hidden");
    await mkdir(folder);
    await copyFile(at("albert/model_ortfused.onnx"), join(folder, "model.onnx"));
    for (const name of ["config.json", "model.safetensors", "inputs.json"]) {
      await copyFile(at("albert", name), join(folder, name));
    }
    const said: string[] = [];
    const states = await statesOf("hidden/model.onnx", (message) => said.push(message));
    expect(states.attentions).toHaveLength(6);
    expect(said).toContain("built from the checkpoint: model.onnx hides attention probabilities in fused operators");
  });

  it("are written as attentions.k beside resid_mid.k, and the states are read back without them", async () => {
    const states = await statesOf("gpt2/model.onnx");
    const path = at("states.safetensors");
    await writeHiddenStates(path, [states]);
    const file = await openSafetensors(path);
    expect(file.tensors.get("attentions.2")).toMatchObject({ type: "F32", shape: [2, 4, 12, 12] });
    expect(file.tensors.get("resid_mid.2")).toMatchObject({ type: "F32", shape: [2, 12, 32] });
    expect((await readFloats(file, "attentions.1")).x).toEqual(states.attentions?.[1].probabilities);
    await file.close();
    const [read] = await readHiddenStates(path);
    expect(read.layers.map(({ layer }) => layer)).toEqual(states.layers.map(({ layer }) => layer));
  });
});

describe("a model whose blocks add attention and MLP at once", () => {
  it("has no resid_mid, and says so", async () => {
    const neox = await unpackFixtures("gpt_neox");
    const open = openModel(join(neox.folder, "gpt_neox"), { residMid: true });
    await expect(open).rejects.toThrow("no resid_mid: in all 2 blocks attention and MLP are added at once");
    await neox.remove();
    expect(existsSync(neox.folder)).toBe(false);
  });
});

describe("the shapes that exporters write", () => {
  const mask = Uint8Array.of(1, 1, 1, 0);
  const tensor = (shape: readonly number[], data: readonly number[]) => ({
    dtype: "float32",
    shape,
    data: Float32Array.from(data),
  });
  const row = (a: number) => [a, 1 - a];
  /** Two texts, two heads, two positions; the last position of the second text is padding. */
  const whole = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8].flatMap(row);

  it("are read as [batch, heads, n, n]", () => {
    const expected = { layer: 3, heads: 2, probabilities: Float32Array.from(whole) };
    expect(attentionOf(3, [tensor([2, 2, 2, 2], whole)], 2, 2, mask)).toEqual(expected);
    expect(attentionOf(3, [tensor([4, 2, 2], whole)], 2, 2, mask)).toEqual(expected);
    expect(attentionOf(3, [tensor([2, 1, 2, 2, 2], whole)], 2, 2, mask)).toEqual(expected);
  });

  it("include heads that are unrolled, and leave out a softmax over something else", () => {
    const heads = [0, 1].map((head) =>
      tensor(
        [2, 2, 2],
        [0, 1].flatMap((text) => whole.slice(8 * text + 4 * head, 8 * text + 4 * head + 4)),
      ),
    );
    const kernel = tensor([4, 3, 1], Array(12).fill(1 / 3));
    expect(attentionOf(0, [heads[0], kernel, heads[1]], 2, 2, mask).probabilities).toEqual(Float32Array.from(whole));
  });

  it.each([
    ["no square", [2, 2, 1, 4], whole, /block 1 attends in shape \[2, 2, 1, 4\], not .*: leave out `attentions`/],
    ["another batch", [3, 2, 2], whole.slice(0, 12), /block 1 attends in shape \[3, 2, 2\]/],
    [
      "rows that do not sum to 1",
      [2, 2, 2, 2],
      whole.map((x, i) => (i === 5 ? x + 0.01 : x)),
      /row 0 of head 1 sums to 1\.01/,
    ],
    ["a negative weight", [2, 2, 2, 2], [-0.5, 1.5, ...whole.slice(2)], /row 0 of head 0 sums to NaN/],
    ["what is not finite", [2, 2, 2, 2], [Number.NaN, 1, ...whole.slice(2)], /row 0 of head 0 sums to NaN/],
  ])("are refused with %s", (_, shape, data, message) => {
    expect(() => attentionOf(0, [tensor(shape, data)], 2, 2, mask)).toThrow(message);
  });

  it("may hold anything in rows of padding", () => {
    const padded = whole.map((x, i) => (i === 10 || i === 11 || i === 14 || i === 15 ? Number.NaN : x));
    expect(attentionOf(0, [tensor([2, 2, 2, 2], padded)], 2, 2, mask).heads).toBe(2);
  });
});

it("blocks are told as lists and ranges", () => {
  expect(blocksInWords([1, 3, 4, 6, 7, 8, 9])).toBe("1, 3, 4, 6–9");
  expect(blocksInWords([2])).toBe("2");
});
