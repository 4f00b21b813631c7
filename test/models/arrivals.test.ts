import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { floatToHalf, halfToFloat } from "../../models/arrays/half-floats.ts";
import { fillInputs, paddedInputs, tensorOf } from "../../models/inputs/fill-inputs.ts";
import { firstPositions } from "../../models/states/first-positions.ts";
import { readHiddenStates } from "../../models/states/read-hidden-states.ts";
import { namesStates } from "../../models/states/state-names.ts";
import { writeHiddenStates } from "../../models/states/write-hidden-states.ts";
import { floats, npyBytes, npzBytes } from "./write-npz.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokensphere-arrivals-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
/** Layer k holds the numbers 10 k and 10 k + 1; `names` are those of layers 0, 1, 2. */
async function saved(names: readonly string[]): Promise<string> {
  const path = join(folder, `${count++}.npz`);
  const arrays = names.map((name, k) => [name, floats([2, 1], [10 * k, 10 * k + 1])] as const);
  await writeFile(path, npzBytes(Object.fromEntries(arrays)));
  return path;
}

describe("states under other tools' names", () => {
  it.each([
    ["TransformerLens, before each block", [0, 1, 2].map((k) => `blocks.${k}.hook_resid_pre`)],
    [
      "TransformerLens, the embedding and after each block",
      ["blocks.0.hook_resid_pre", "blocks.0.hook_resid_post", "blocks.1.hook_resid_post"],
    ],
    ["Hugging Face's decoder", [0, 1, 2].map((k) => `decoder_hidden_states.${k}`)],
    ["Hugging Face's encoder", [0, 1, 2].map((k) => `encoder_hidden_states_${k}`)],
    ["plain numbers", ["0", "1", "2"]],
    ["layers", ["layer_0", "layer_1", "layer_2"]],
  ])("are read as those of %s", async (_, names) => {
    const [{ layers }] = await readHiddenStates(await saved(names));
    expect(layers.map(({ layer, x }) => [layer, ...x])).toEqual([0, 1, 2].map((k) => [k, 10 * k, 10 * k + 1]));
    expect(namesStates(names)).toBe(true);
  });

  it("are read from a folder with a file for each layer, by number", async () => {
    const home = join(folder, "layers");
    await mkdir(home);
    for (let k = 0; k < 12; k++) await writeFile(join(home, `layer_${k}.npy`), npyBytes(floats([2, 1], [k, k])));
    const [{ layers }] = await readHiddenStates(home);
    expect(layers.map(({ x }) => x[0])).toEqual(Array.from({ length: 12 }, (_, k) => k));
  });

  it("keep their numbers where TransformerLens saved what blocks give and no embedding, when written again too", async () => {
    const path = await saved([0, 1, 2].map((k) => `blocks.${k}.hook_resid_post`));
    const states = await readHiddenStates(path);
    const numbers = (read: typeof states) => read[0].layers.map(({ layer, x }) => [layer, ...x]);
    expect(numbers(states)).toEqual([1, 2, 3].map((layer, k) => [layer, 10 * k, 10 * k + 1]));
    const again = join(folder, "behind-blocks.safetensors");
    for (const batches of [states, [...states, ...states]]) {
      await writeHiddenStates(again, batches);
      expect(numbers(await readHiddenStates(again))).toEqual(numbers(states));
    }
  });

  it.each<[string, string[], RegExp]>([
    ["the first block", [1, 2].map((k) => `blocks.${k}.hook_resid_post`), /no tensor blocks\.0\.hook_resid_post\./],
    ["an inner one", [0, 2].map((k) => `blocks.${k}.hook_resid_post`), /no tensor blocks\.1\.hook_resid_post\./],
    ["what a number counts from", ["layer_1", "layer_2"], /no tensor layer_0\. give every layer from 0/],
    ["the embedding's right name", ["blocks.0.hook_resid_prf", "blocks.0.hook_resid_post"], /hook_resid_pre meant/],
  ])("are refused without %s", async (_, names, says) => {
    await expect(readHiddenStates(await saved(names))).rejects.toThrow(says);
  });

  it("are those of one half of a model", async () => {
    await expect(readHiddenStates(await saved(["encoder_hidden_states.0", "decoder_hidden_states.0"]))).rejects.toThrow(
      /holds states of an encoder and of a decoder/,
    );
  });

  it("are no names of a checkpoint", () => {
    expect(namesStates(["layers.0.mlp.up_proj.weight", "h.0.attn.bias", "blocks.0.attn.W_Q"])).toBe(false);
  });
});

describe("what a model is given", () => {
  const ids = { name: "input_ids", dtype: "int64", dims: ["b", "s"] };
  const main = tensorOf("int64", [2, 3], [1, 2, 3, 4, 5, 6]);
  const needs = { source: "input_ids", vocabulary: 9, positions: null };

  it.each([
    ["keys and values stacked before the batch", [2, "b", 4, "p", 8], [2, 2, 4, 0, 8]],
    ["stacked, the batch of another name", [2, "x", 4, "p", 8], [2, 2, 4, 0, 8]],
    ["the batch in front", ["b", 4, "p", 8], [2, 4, 0, 8]],
    ["the length in front", ["p", "b", 4, 8], [0, 2, 4, 8]],
  ])("has an empty cache with %s", (_, dims, shape) => {
    const past = { name: "past_0", dtype: "float32", dims };
    expect(fillInputs({ ...needs, inputs: [ids, past] }, { input_ids: main }).inputs.past_0.shape).toEqual(shape);
  });

  const fixed = { ...ids, dims: [2, 5] };
  const mask = { name: "attention_mask", dtype: "int64", dims: [2, 5] };

  it("is padded to the length of an export, under its mask", () => {
    const padded = paddedInputs({ ...needs, inputs: [fixed, mask] }, { input_ids: main });
    expect([...padded.input_ids.data].map(Number)).toEqual([1, 2, 3, 0, 0, 4, 5, 6, 0, 0]);
    expect([...padded.attention_mask.data].map(Number)).toEqual([1, 1, 1, 0, 0, 1, 1, 1, 0, 0]);
  });

  it("is refused with that length where no mask would hide the padding, or it is longer", () => {
    const one = { ...needs, inputs: [fixed] };
    expect(paddedInputs(one, { input_ids: main })).toEqual({ input_ids: main });
    expect(() => fillInputs(one, { input_ids: main })).toThrow(/exported for exactly 5 tokens: input_ids has 3/);
    const long = { input_ids: tensorOf("int64", [2, 6], new Array(12).fill(1)) };
    expect(() => fillInputs({ ...needs, inputs: [fixed, mask] }, long)).toThrow(/exactly 5 tokens.*cut the rows/);
  });

  it("comes back without the padding", () => {
    const states = {
      batch: 2,
      n: 3,
      d: 1,
      layers: [{ layer: 0, x: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      mask: Uint8Array.of(1, 1, 0, 1, 0, 0),
      special: null,
      tokens: null,
      attentions: [{ layer: 0, heads: 1, probabilities: Float32Array.from({ length: 18 }, (_, i) => i) }],
    };
    const { n, layers, mask: kept, attentions } = firstPositions(states, 2);
    expect([n, ...layers[0].x, ...kept]).toEqual([2, 1, 2, 4, 5, 1, 1, 1, 0]);
    expect([...(attentions?.[0].probabilities ?? [])]).toEqual([0, 1, 3, 4, 9, 10, 12, 13]);
  });

  it("may be float16: every pattern is found again, and halves go to even", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((b) => (b & 0x7c00) !== 0x7c00 || !(b & 1023));
    expect(floatToHalf(halfToFloat(bits))).toEqual(bits);
    expect([...floatToHalf([1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, Number.NaN])]).toEqual([
      0x3c00, 0x3c02, 0x7bff, 0x7c00, 0x7e00,
    ]);
  });
});
