import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { brainToFloat, halfToFloat } from "../../models/arrays/half-floats.ts";
import type { RawTensor } from "../../models/arrays/raw-tensor.ts";
import { TokensphereError } from "../../models/errors.ts";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { openModel } from "../../models/open-model.ts";
import { unpackFixtures } from "../models/unpack-fixtures.ts";
import { readWeights, type Weights, writeWeights } from "./weights.ts";

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
let albert = "";
let folder = "";
let weights: Map<string, RawTensor>;
let expected: readonly Float32Array[] = [];
let config: Record<string, unknown> = {};
beforeAll(async () => {
  fixtures = await unpackFixtures("albert");
  albert = join(fixtures.folder, "albert");
  folder = join(fixtures.folder, "checkpoint");
  weights = await readWeights(join(albert, "model.safetensors"));
  config = JSON.parse(await readFile(join(albert, "config.json"), "utf8"));
  expected = await layersOf(join(albert, "model.safetensors"));
});
afterAll(() => fixtures.remove());

beforeEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
});

async function layersOf(reference: string): Promise<Float32Array[]> {
  const model = await openModel(reference, { threads: 1 });
  const states = await model.states(await readInputs(join(albert, "inputs.json")));
  await model.close();
  return states.layers.map(({ x }) => x);
}

const write = (tensors: Weights) => writeWeights(join(folder, "model.safetensors"), tensors);
const renamed = (rename: (name: string) => string) => new Map([...weights].map(([name, x]) => [rename(name), x]));

describe("a checkpoint", () => {
  it("alone in a folder is opened, and named by its hash", async () => {
    await write(weights);
    expect(await layersOf(folder)).toEqual(expected);
    const { description } = await openModel(folder);
    const hash = createHash("sha256")
      .update(await readFile(join(folder, "model.safetensors")))
      .digest("hex");
    expect(description).toMatchObject({ source: "checkpoint", sha256: hash, layers: 6, heads: 4, hidden_size: 32 });
    expect(description.files).toContainEqual({ name: "model.safetensors", sha256: hash });
  });

  it("of a model with a task head is the same under its prefix", async () => {
    await write(renamed((name) => `albert.${name}`));
    expect(await layersOf(folder)).toEqual(expected);
  });

  it("of the first years, whose norms have gamma and beta, is the same", async () => {
    const old = (name: string) =>
      name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    await write(renamed(old));
    expect(await layersOf(folder)).toEqual(expected);
  });

  it("in shards is read through its index, and hashed as sha256sum lists them", async () => {
    const names = [...weights.keys()];
    const half = (part: number) => new Map([...weights].filter((_, i) => i % 2 === part));
    for (const part of [0, 1]) await writeWeights(join(folder, `model-${part + 1}-of-2.safetensors`), half(part));
    const map = Object.fromEntries(names.map((name, i) => [name, `model-${(i % 2) + 1}-of-2.safetensors`]));
    await writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: map }));
    expect(await layersOf(folder)).toEqual(expected);
    const { description } = await openModel(folder);
    const lines = description.files.slice(1).map(({ name, sha256 }) => `${sha256}  ${name}\n`);
    expect(lines).toHaveLength(2);
    expect(description.sha256).toBe(createHash("sha256").update(lines.join("")).digest("hex"));
  });

  it("is read through the links of a download cache, and nothing is written beside it", async () => {
    const blobs = join(folder, "blobs");
    const snapshot = join(folder, "snapshots/main");
    await mkdir(blobs);
    await mkdir(snapshot, { recursive: true });
    await cp(join(albert, "model.safetensors"), join(blobs, "a418b650"));
    await cp(join(albert, "config.json"), join(blobs, "252613bd"));
    await symlink("../../blobs/a418b650", join(snapshot, "model.safetensors"));
    await symlink("../../blobs/252613bd", join(snapshot, "config.json"));
    expect(await layersOf(snapshot)).toEqual(expected);
    const { readdir } = await import("node:fs/promises");
    expect([await readdir(blobs), await readdir(snapshot)]).toEqual([
      ["252613bd", "a418b650"],
      ["config.json", "model.safetensors"],
    ]);
  });

  it.each(["float16", "bfloat16"])("in %s is computed in float32 from the rounded weights", async (dtype) => {
    const bits = new Map([...weights].map(([name, { shape, data }]) => [name, { shape, ...narrowed(dtype, data) }]));
    await write(new Map([...bits].map(([name, { shape, narrow }]) => [name, { dtype, shape, data: narrow }])));
    const narrow = await layersOf(folder);
    const { description } = await openModel(folder);
    expect(description.precision).toBe(`float32, from ${dtype} weights`);
    await write(new Map([...bits].map(([name, { shape, wide }]) => [name, { dtype: "float32", shape, data: wide }])));
    const wide = await layersOf(folder);
    narrow.forEach((x, k) => {
      // The same numbers in the same order but for the optimizer's fusions.
      expect(Math.max(...x.map((value, i) => Math.abs(value - wide[k][i])))).toBeLessThan(1e-5);
    });
    expect(narrow[0]).not.toEqual(expected[0]);
  });
});

describe("a checkpoint that cannot be used", () => {
  const refusal = (message: RegExp) => ({ kind: "input", message });

  it("lacks a parameter", async () => {
    await write(new Map([...weights].filter(([name]) => !name.endsWith("ffn.weight"))));
    await expect(openModel(folder)).rejects.toMatchObject(
      refusal(/checkpoint has no parameter encoder\.albert_layer_groups\.0\.albert_layers\.0\.ffn\.weight/),
    );
  });

  it("has parameters of other shapes than its config says", async () => {
    await write(weights);
    await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, vocab_size: 99 }));
    await expect(openModel(folder)).rejects.toMatchObject(
      refusal(/word_embeddings\.weight has shape \[100, 16\], config\.json asks for \[99, 16\]/),
    );
  });

  it("is of an architecture that is not known: the known ones are named, and what works instead", async () => {
    await write(weights);
    await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, model_type: "mamba" }));
    await expect(openModel(folder)).rejects.toMatchObject(
      refusal(/cannot build mamba from a checkpoint.*known are albert, bert,.*optimum-cli export onnx/),
    );
  });

  it("is a variant that is not built", async () => {
    await write(weights);
    await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, inner_group_num: 2 }));
    await expect(openModel(folder)).rejects.toMatchObject(
      refusal(/not built from a checkpoint: albert with inner_group_num/),
    );
  });

  it.each([
    ["no JSON", "{", /config cannot be used.*no JSON/],
    ["quantized", '{"model_type": "albert", "quantization_config": {}}', /the weights are quantized/],
    ["without sizes", '{"model_type": "albert"}', /num_hidden_layers is missing/],
    ["of wrong types", '{"model_type": "albert", "num_hidden_layers": "six"}', /num_hidden_layers is no number/],
  ])("has a config that is %s", async (_, text, message) => {
    await write(weights);
    await writeFile(join(folder, "config.json"), text);
    await expect(openModel(folder)).rejects.toMatchObject(refusal(message));
  });

  it("is truncated", async () => {
    const bytes = await readFile(join(albert, "model.safetensors"));
    await writeFile(join(folder, "model.safetensors"), bytes.subarray(0, bytes.length - 100));
    await expect(openModel(folder)).rejects.toMatchObject(refusal(/the file ends before tensor/));
  });

  it("holds weights that are not finite: the layer is named", async () => {
    const damaged = new Map(weights);
    const name = "encoder.albert_layer_groups.0.albert_layers.0.ffn.bias";
    damaged.set(name, { ...weights.get(name)!, data: new Float32Array(64).fill(Number.NaN) });
    await write(damaged);
    await expect(layersOf(folder)).rejects.toMatchObject(refusal(/states are not finite: layer 1/));
  });

  it("is no safetensors file", async () => {
    await writeFile(join(folder, "pytorch_model.bin"), "PK");
    await expect(openModel(folder)).rejects.toMatchObject(refusal(/pytorch_model\.bin is no safetensors file/));
  });

  it("has no config beside it", async () => {
    await rm(join(folder, "config.json"));
    await write(weights);
    await expect(openModel(join(folder, "model.safetensors"))).rejects.toMatchObject(
      refusal(/checkpoint without config\.json/),
    );
  });

  it.each([
    ["names a file outside its folder", { a: "../a.safetensors" }, /weights outside the checkpoint's folder/],
    ["names an absolute path", { a: "/etc/passwd" }, /weights outside the checkpoint's folder/],
    ["names a shard that is missing", { a: "model-1-of-1.safetensors" }, /a shard of the checkpoint is missing/],
    ["names nothing", {}, /index of shards cannot be used/],
  ])("has an index that %s", async (_, map, message) => {
    await writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: map }));
    await expect(openModel(folder)).rejects.toMatchObject(refusal(message));
  });
});

describe("a damaged checkpoint", () => {
  const opened = async () => {
    try {
      await openModel(folder);
    } catch (error) {
      expect(error).toBeInstanceOf(TokensphereError);
    }
  };

  it("is opened or refused in one line, whatever its config says", async () => {
    await write(weights);
    const values = fc.oneof(
      fc.integer({ min: -2, max: 60 }),
      fc.constantFrom(0, 1e9, 2.5, -1, 2 ** 40, "albert", "gelu", null, true, [], {}),
    );
    const changes = fc.dictionary(fc.constantFrom(...Object.keys(config)), values, { minKeys: 1, maxKeys: 3 });
    const types = fc.constantFrom("albert", "bert", "roberta", "deberta-v2", "t5", "llama", "gpt2", "vit", "mpnet");
    await fc.assert(
      fc.asyncProperty(changes, types, async (changed, model_type) => {
        await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, model_type, ...changed }));
        await opened();
      }),
      { numRuns: 150, seed: 11 },
    );
  });

  it("is opened or refused in one line, whatever bytes of its header change", async () => {
    const bytes = await readFile(join(albert, "model.safetensors"));
    const header = 8 + Number(bytes.readBigUInt64LE(0));
    await fc.assert(
      fc.asyncProperty(fc.nat(header - 1), fc.integer({ min: 0, max: 255 }), async (at, value) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = value;
        await writeFile(join(folder, "model.safetensors"), damaged);
        await opened();
      }),
      { numRuns: 150, seed: 12 },
    );
  });
});

/** Weights cut to half precision (the extra bits dropped), as bits and as the float32 that they stand for. */
function narrowed(dtype: string, data: RawTensor["data"]): { narrow: Uint16Array; wide: Float32Array } {
  const x = data as Float32Array;
  const words = new Uint32Array(x.buffer, x.byteOffset, x.length);
  if (dtype === "bfloat16") {
    const narrow = Uint16Array.from(words, (word) => word >>> 16);
    return { narrow, wide: brainToFloat(narrow) };
  }
  const narrow = Uint16Array.from(words, (word) => {
    const exponent = ((word >>> 23) & 255) - 112;
    const sign = (word >>> 16) & 0x8000;
    return exponent <= 0 ? sign : sign | (exponent << 10) | ((word >>> 13) & 1023);
  });
  return { narrow, wide: halfToFloat(narrow) };
}
