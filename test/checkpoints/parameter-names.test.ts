import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RawTensor } from "../../models/arrays/raw-tensor.ts";
import { unwrappedName } from "../../models/checkpoints/parameter-names.ts";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { openModel } from "../../models/open-model.ts";
import { unpackFixtures } from "../models/unpack-fixtures.ts";
import { readWeights, type Weights, weightsOfExport, writeWeights } from "./weights.ts";

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
const known: Record<string, { weights: Weights; states: readonly Float32Array[]; config: Record<string, unknown> }> =
  {};
beforeAll(async () => {
  fixtures = await unpackFixtures("albert", "bert", "gpt2");
  for (const name of ["albert", "bert", "gpt2"]) {
    const file = join(fixtures.folder, name, "model.safetensors");
    if (name !== "albert") {
      await writeWeights(file, await weightsOfExport(join(fixtures.folder, name, "model.onnx")));
    }
    const config = JSON.parse(await readFile(join(fixtures.folder, name, "config.json"), "utf8"));
    known[name] = { weights: await readWeights(file), states: (await opened(name)).states, config };
  }
});
afterAll(() => fixtures.remove());

async function opened(name: string) {
  const said: string[] = [];
  const folder = join(fixtures.folder, name);
  const warn = (message: string) => said.push(message);
  const model = await openModel(join(folder, "model.safetensors"), { threads: 1, warn });
  const { layers } = await model.states(await readInputs(join(folder, "inputs.json")));
  await model.close();
  return { states: layers.map(({ x }) => x), said };
}

/** Opens a fixture with its weights, or its config, changed. */
async function changed(name: string, weights: Weights, config: Readonly<Record<string, unknown>> = {}) {
  const folder = join(fixtures.folder, name);
  await writeWeights(join(folder, "model.safetensors"), weights);
  await writeFile(join(folder, "config.json"), JSON.stringify({ ...known[name].config, ...config }));
  return opened(name);
}

const renamed = (name: string, rename: (parameter: string) => string) =>
  new Map([...known[name].weights].map(([parameter, x]) => [rename(parameter), x]));
const more = (name: string, ...names: readonly string[]) =>
  new Map<string, RawTensor>([
    ...known[name].weights,
    ...names.map((one) => [one, { dtype: "float32", shape: [1], data: Float32Array.of(1) }] as const),
  ]);

describe("the names of a checkpoint", () => {
  it.each([
    ["torch.compile", (parameter: string) => `_orig_mod.${parameter}`],
    ["torch.compile of each block", (parameter: string) => parameter.replace(/(layer\.\d+\.)/, "$1_orig_mod.")],
    ["DataParallel", (parameter: string) => `module.${parameter}`],
    ["peft after a merge", (parameter: string) => `base_model.model.bert.${parameter}`],
    ["FSDP around torch.compile", (parameter: string) => `_fsdp_wrapped_module._orig_mod.${parameter}`],
    ["a Lightning module", (parameter: string) => `model.bert.${parameter}`],
    ["a model of one's own", (parameter: string) => `text_tower.${parameter}`],
  ])("are read under the wrapper of %s", async (_, rename) => {
    expect((await changed("bert", renamed("bert", rename))).states).toEqual(known.bert.states);
  });

  it("say where two models of that kind lie in one file", async () => {
    const both = new Map([...renamed("bert", (one) => `query.${one}`), ...renamed("bert", (one) => `doc.${one}`)]);
    await expect(changed("bert", both)).rejects.toThrow(
      /checkpoint holds 2 such models: .*: query\. doc\..*save one of them alone/,
    );
  });

  it("are refused where two are one without their wrapper", async () => {
    const name = "embeddings.word_embeddings.weight";
    await expect(changed("bert", more("bert", `module.${name}`))).rejects.toThrow(`two parameters ${name}`);
  });

  it("may be those of what is tied, unless config.json unties it", async () => {
    const head = (one: string) => (one === "wte.weight" ? "lm_head.weight" : `transformer.${one}`);
    expect((await changed("gpt2", renamed("gpt2", head))).states).toEqual(known.gpt2.states);
    await expect(changed("gpt2", renamed("gpt2", head), { tie_word_embeddings: false })).rejects.toThrow(
      /no parameter wte\.weight/,
    );
  });

  it("lose wrappers alone", () => {
    expect(unwrappedName("module._orig_mod.encoder.module.weight")).toBe("encoder.module.weight");
    expect(unwrappedName("modules.weight")).toBe("modules.weight");
  });
});

describe("parameters that nothing reads", () => {
  const query = "encoder.layer.1.attention.self.query";
  it.each([
    [`${query}.lora_A.weight`, /bert does not read .*lora_A\.weight: .*merge the adapter/],
    [`${query}.weight_scale`, /bert does not read .*weight_scale: .*optimum-cli/],
    ["encoder.layer.0.crossattention.self.key.weight", /bert does not read .*crossattention/],
    ["encoder.layer.0.output.adapters.ft.down.bias", /merge the adapter/],
    ["embeddings.word_embeddings.lora_embedding_A", /merge the adapter/],
  ])("are refused within a block or beside what is read: %s", async (name, message) => {
    await expect(changed("bert", more("bert", name))).rejects.toMatchObject({
      kind: "input",
      message: expect.stringMatching(message),
    });
  });

  it("are refused in shared blocks and under a task head's prefix too", async () => {
    const name = "encoder.albert_layer_groups.0.albert_layers.0.attention.query.lora_A.weight";
    await expect(changed("albert", more("albert", name))).rejects.toThrow(/albert does not read/);
    const prefixed = new Map([...more("bert", `${query}.lora_B.weight`)].map(([one, x]) => [`bert.${one}`, x]));
    await expect(changed("bert", prefixed)).rejects.toThrow(/does not read encoder\.layer\.1\..*lora_B/);
  });

  it("are left out in silence where they are heads or what a module keeps beside its parameters", async () => {
    const names = ["pooler.dense.bias", "cls.predictions.bias", "embeddings.position_ids", "classifier.weight"];
    expect(await changed("bert", more("bert", ...names))).toEqual({
      states: known.bert.states,
      said: expect.any(Array),
    });
    expect((await changed("gpt2", more("gpt2", "h.0.attn.bias", "h.0.attn.masked_bias"))).states).toEqual(
      known.gpt2.states,
    );
  });

  it("are said where they are blocks beyond those that config.json counts", async () => {
    const { said } = await changed("bert", known.bert.weights, { num_hidden_layers: 2 });
    expect(said[0]).toMatch(/^2 blocks are read, as config\.json says: the checkpoint has more \(encoder\.layer\.2\./);
  });
});
