import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSafetensors, readFloats } from "../../models/arrays/safetensors-reader.ts";
import { ARCHITECTURES } from "../../models/checkpoints/architectures.ts";
import { tensorOf } from "../../models/inputs/fill-inputs.ts";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { openModel } from "../../models/open-model.ts";
import { distances } from "../models/compare-states.ts";
import { unpackFixtures } from "../models/unpack-fixtures.ts";
import { openWithAttentions } from "./attentions.ts";
import { weightsOfExport, writeWeights } from "./weights.ts";

// float32, summed in another order over up to 48 blocks; states are of size 1 to 10. Measured: at most 8e-6.
const TOLERANCE = 2e-5;

const STORED = ["albert", "llama", "modernbert", "t5-encoder"];
/** Their checkpoints are made from the ONNX files beside them. */
const EXPORTED = ["bert", "distilbert", "gpt2", "roberta", "vit"];
/** Checkpoints without an ONNX file. */
const BARE = [
  ...["deberta-v2", "deberta-v3", "deit", "dinov2", "electra", "gpt_neox", "mpnet", "opt", "qwen2", "qwen3"],
];

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
beforeAll(async () => {
  fixtures = await unpackFixtures(...STORED, ...EXPORTED, ...BARE);
  for (const name of EXPORTED) {
    const folder = join(fixtures.folder, name);
    await writeWeights(join(folder, "model.safetensors"), await weightsOfExport(join(folder, "model.onnx")));
  }
});
afterAll(() => fixtures.remove());

describe.each([...STORED, ...EXPORTED, ...BARE])("a graph built from the checkpoint of %s", (name) => {
  it("has Hugging Face's states at every layer", async () => {
    const folder = join(fixtures.folder, name);
    const model = await openModel(join(folder, "model.safetensors"), { threads: 1 });
    expect(model.description).toMatchObject({ source: "checkpoint", precision: "float32", warnings: [] });
    const states = await model.states(await readInputs(join(folder, "inputs.json")));
    for (const [layer, { max }] of await distances(states, folder)) {
      expect(max, `layer ${layer}`).toBeLessThan(TOLERANCE);
    }
    await model.close();
  });

  it("is searched like any other graph, and found as it was drawn", async () => {
    const { description } = await openModel(join(fixtures.folder, name, "model.safetensors"));
    const { layers, stream, attentions, resid_mid, parallel } = description;
    expect(parallel).toBe(name === "gpt_neox");
    const norm = stream.some(({ layer }) => layer === "final_norm") ? ["final_norm"] : [];
    const drawn = Array.from({ length: layers + 1 }, (_, k) => `hidden_states.${k}`);
    expect(stream.map(({ tensor }) => tensor)).toEqual([...drawn, ...norm]);
    expect(attentions).toEqual(Array.from({ length: layers }, (_, k) => [`attentions.${k}`]));
    expect(resid_mid).toEqual(Array.from({ length: layers }, (_, k) => (parallel ? null : `resid_mid.${k}`)));
  });
});

describe.each([...STORED, ...EXPORTED])("the checkpoint of %s", (name) => {
  it("agrees with the ONNX file beside it, which is what the folder opens", async () => {
    const folder = join(fixtures.folder, name);
    const [onnx, checkpoint] = await Promise.all(
      [folder, join(folder, "model.safetensors")].map((reference) => openModel(reference, { threads: 1 })),
    );
    expect(onnx.description).toMatchObject({ source: "onnx", layers: checkpoint.description.layers });
    expect(onnx.description.norm).toBe(checkpoint.description.norm);
    const inputs = await readInputs(join(folder, "inputs.json"));
    const [a, b] = [await onnx.states(inputs), await checkpoint.states(inputs)];
    a.layers.forEach(({ layer, x }, i) => {
      expect(b.layers[i].layer).toBe(layer);
      const difference = x.reduce((max, value, k) => Math.max(max, Math.abs(value - b.layers[i].x[k])), 0);
      expect(difference, `layer ${layer}`).toBeLessThan(TOLERANCE);
    });
    await Promise.all([onnx.close(), checkpoint.close()]);
  });
});

describe("positions of OPT", () => {
  it("are those given, else counted over what the mask keeps", async () => {
    const model = await openModel(join(fixtures.folder, "opt", "model.safetensors"), { threads: 1 });
    const first = async (inputs: Readonly<Record<string, readonly number[]>>) => {
      const tensors = Object.entries(inputs).map(([name, row]) => [name, tensorOf("int64", [1, row.length], row)]);
      const { d, n, layers } = await model.states(Object.fromEntries(tensors));
      return Array.from({ length: n }, (_, i) => layers[0].x.slice(i * d, (i + 1) * d));
    };
    const alike = await first({ input_ids: [5, 5, 5] });
    expect(await first({ input_ids: [5, 5, 5], position_ids: [2, 1, 0] })).toEqual([...alike].reverse());
    const padded = await first({ input_ids: [1, 5, 5, 5], attention_mask: [0, 1, 1, 1] });
    expect(padded.slice(1)).toEqual(alike);
    expect(alike[0]).not.toEqual(alike[1]);
    await model.close();
  });
});

describe("attention probabilities", () => {
  it.each(["albert", "bert", "gpt2", "vit"])("of %s are outputs, as Hugging Face's", async (name) => {
    const folder = join(fixtures.folder, name);
    const { attentions, close } = await openWithAttentions(folder);
    const shared = fileURLToPath(new URL(`../../../shared/fixtures/${name}/`, import.meta.url));
    const reference = await openSafetensors(join(existsSync(shared) ? shared : folder, "reference.safetensors"));
    for (const [k, { shape, data }] of attentions.entries()) {
      const rows = shape[shape.length - 1];
      for (let i = 0; i < data.length; i += rows) {
        const sum = data.subarray(i, i + rows).reduce((total, p) => total + p, 0);
        expect(sum).toBeCloseTo(1, 5); // A softmax in float32.
      }
      if (!reference.tensors.has(`attentions.${k}`)) continue;
      const y = (await readFloats(reference, `attentions.${k}`)).x;
      expect(Math.max(...data.map((p, i) => Math.abs(p - y[i])))).toBeLessThan(1e-5); // Probabilities, below 1.
    }
    await reference.close();
    await close();
  });
});

describe("the registry", () => {
  it("names every model type once", () => {
    const types = ARCHITECTURES.flatMap(({ modelTypes }) => modelTypes);
    expect(new Set(types).size).toBe(types.length);
    expect(types).toContain("albert");
  });

  it("has a fixture for every architecture", async () => {
    const tried = await Promise.all(
      [...STORED, ...EXPORTED, ...BARE].map(async (name) => {
        const config = JSON.parse(await readFile(join(fixtures.folder, name, "config.json"), "utf8"));
        return String(config.model_type);
      }),
    );
    for (const { modelTypes } of ARCHITECTURES) expect(tried).toContain(modelTypes[0]);
  });
});
