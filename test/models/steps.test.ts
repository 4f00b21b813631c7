import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RawInputs } from "../../models/arrays/raw-tensor.ts";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { withoutTokens } from "../../models/inputs/remove-tokens.ts";
import { type Model, openModel } from "../../models/open-model.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { unpackFixtures } from "./unpack-fixtures.ts";

const NAMES = ["albert", "bert", "distilbert", "gpt2", "llama", "modernbert", "roberta", "t5-encoder", "vit"];

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
beforeAll(async () => {
  fixtures = await unpackFixtures(...NAMES);
});
afterAll(() => fixtures.remove());

async function withModel<T>(path: string, work: (model: Model, inputs: RawInputs) => Promise<T>): Promise<T> {
  const model = await openModel(join(fixtures.folder, path), { threads: 1 });
  try {
    return await work(model, await readInputs(join(fixtures.folder, path, "../inputs.json")));
  } finally {
    await model.close();
  }
}

/** The largest difference of a layer at positions that count in both. */
function difference(a: HiddenStates, b: HiddenStates, layer: number): number {
  const [x, y] = [a, b].map(({ layers }) => layers.find((one) => one.layer === layer)?.x ?? new Float32Array());
  const counts = (p: number) => a.mask[Math.floor(p / a.d)] * b.mask[Math.floor(p / b.d)];
  return x.reduce((most, value, p) => (counts(p) === 1 ? Math.max(most, Math.abs(value - y[p])) : most), 0);
}

/** Every second position that counts, from the third on. */
function everySecond({ batch, n, mask }: HiddenStates): Uint8Array {
  return Uint8Array.from({ length: batch * n }, (_, at) => (at % n >= 2 && at % 2 === 0 ? mask[at] : 0));
}

const exports = ["model_dynamo", "model_int8", "model_masklm", "model_ortfused", "model_sdpa_op18"];
const files = [...exports.map((name) => `albert/${name}.onnx`), ...NAMES.map((name) => `${name}/model.onnx`)];

describe("blocks that start from given states", () => {
  it.each([...files, "gpt2/model_with_past.onnx", "llama/model.safetensors"])("hand on those of %s", async (path) => {
    await withModel(path, async (model, inputs) => {
      const states = await model.states(inputs);
      const steps = await model.steps(inputs, states);
      expect(steps.layers.map(({ layer }) => layer)).toEqual(
        Array.from({ length: model.description.layers }, (_, k) => k + 1),
      );
      // The runtime may fuse the two graphs differently: float32 rounding.
      for (const { layer } of steps.layers) expect(difference(steps, states, Number(layer))).toBeLessThan(1e-5);
    });
  });

  it("start from nothing else: other states give other layers, each block for itself", async () => {
    await withModel("bert/model.onnx", async (model, inputs) => {
      const states = await model.states(inputs);
      const layers = states.layers.map((one, k) => (k === 1 ? { ...one, x: one.x.map((v) => 1 - v) } : one));
      const steps = await model.steps(inputs, { ...states, layers });
      expect([1, 2, 3].map((layer) => difference(steps, states, layer) > 1e-5)).toEqual([false, true, false]);
    });
  });

  it("are refused where the stream is in half precision, and closing is none the worse for it", async () => {
    await withModel("albert/model_fp16.onnx", async (model, inputs) => {
      const states = await model.states(inputs);
      await expect(model.steps(inputs, states)).rejects.toThrow(/^blocks cannot be run one by one: .*float32/);
    });
  });
});

describe("tokens taken out of the context", () => {
  const texts = NAMES.filter((name) => name !== "vit");

  it.each(texts)("of %s change the others after layer 0, and nothing else counts them", async (name) => {
    await withModel(`${name}/model.onnx`, async (model, inputs) => {
      expect(model.removal()).toBe("mask");
      const states = await model.states(inputs);
      const removed = everySecond(states);
      const half = await model.states(inputs, { removed });
      expect([...half.mask]).toEqual([...states.mask].map((one, at) => one - removed[at]));
      expect(difference(half, states, 0)).toBe(0);
      expect(difference(half, states, 1)).toBeGreaterThan(1e-4);
      const steps = await model.steps(inputs, states, { removed });
      // The first block starts from the same states either way.
      expect(difference(steps, half, 1)).toBeLessThan(1e-5);
    });
  });

  it("are not there at all: their ids make no difference", async () => {
    await withModel("bert/model.onnx", async (model, inputs) => {
      const removed = everySecond(await model.states(inputs));
      const ids = inputs.input_ids.data as BigInt64Array;
      const other = { ...inputs.input_ids, data: ids.map((id, at) => (removed[at] === 1 ? 5n : id)) };
      const [a, b] = [inputs, { ...inputs, input_ids: other }].map((one) => model.states(one, { removed }));
      for (let layer = 0; layer <= 3; layer++) expect(difference(await a, await b, layer)).toBe(0);
    });
  });

  it("come not from images", async () => {
    await withModel("vit/model.onnx", async (model, inputs) => {
      expect(model.removal()).toBeNull();
      await expect(model.states(inputs, { removed: new Uint8Array(2) })).rejects.toThrow(
        "tokens cannot be taken out: the model starts from pixel_values, which is no row of token ids. give a model of texts",
      );
    });
  });

  const ids = { dtype: "int64", shape: [1, 4], data: BigInt64Array.of(5n, 6n, 7n, 8n) };
  const removed = Uint8Array.of(0, 1, 0, 0);
  const row = (name: string) => ({ name, dtype: "int64", dims: ["batch", "n"] });
  const place = { inputs: [row("input_ids"), row("position_ids")], source: "input_ids" };

  it("leave a shorter row where there is no mask, in which the others keep their positions where those are given", () => {
    const kept = { dtype: "int64", shape: [1, 3], data: BigInt64Array.of(5n, 7n, 8n) };
    expect(withoutTokens({ ...place, way: "shorter" }, { input_ids: ids }, removed)).toEqual({ input_ids: kept });
    expect(withoutTokens({ ...place, way: "positions" }, { input_ids: ids }, removed)).toEqual({
      input_ids: kept,
      position_ids: { dtype: "int64", shape: [1, 3], data: BigInt64Array.of(0n, 2n, 3n) },
    });
  });

  it("leave no rows of several lengths", () => {
    const two = { ...ids, shape: [2, 2] };
    expect(() => withoutTokens({ ...place, way: "shorter" }, { input_ids: two }, removed)).toThrow(
      "tokens cannot be taken out of 2 rows at once: the model has no attention_mask. give the rows one by one",
    );
  });
});
