import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openSafetensors, readFloats } from "../../models/arrays/safetensors-reader.ts";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { openModel } from "../../models/open-model.ts";
import { SKIPS } from "../skips.ts";
import { distances } from "./compare-states.ts";

const shared = fileURLToPath(new URL("../../../shared/", import.meta.url));
const albert = join(shared, "models/rxnmapper-albert");

describe.skipIf(SKIPS.shared.skipped)(`a pretrained model beside the project`, () => {
  interface Text {
    readonly text: string;
    readonly ids: readonly number[];
    readonly tokens: readonly string[];
  }
  const texts = async () =>
    JSON.parse(await readFile(join(albert, "reference/cosine.json"), "utf8")) as Record<string, Text>;
  const names = ["amide-coupling", "suzuki", "pictet-spengler"].map((name) => `${name}.L12.H8`);

  it("has the reference's tokens, and [CLS] and [SEP] for special positions", async () => {
    const tokenizer = await (await openModel(albert)).tokenizer();
    const all = await texts();
    for (const name of names) {
      const { ids, tokens, special } = tokenizer.encode(all[name].text);
      expect({ ids, tokens }).toEqual({ ids: all[name].ids, tokens: all[name].tokens });
      expect([...special.keys()].filter((i) => special[i])).toEqual([0, ids.length - 1]);
    }
  });

  it.each(["model.onnx", "model_dynamo.onnx", "model_fused.onnx"])("has Hugging Face's states: %s", async (file) => {
    const model = await openModel(join(albert, "onnx", file));
    const all = await texts();
    expect(model.description).toMatchObject({ layers: 12, hidden_size: 256, shared_weights: true });
    for (const name of names) {
      const states = await model.states(all[name].text);
      const reference = await openSafetensors(join(albert, "reference", `${name}.safetensors`));
      expect(states.layers).toHaveLength(13);
      for (const { layer, x } of states.layers) {
        const y = (await readFloats(reference, `hidden_states.${layer}`)).x;
        // Twelve layers of float32, summed in another order by each exporter; states reach 10.
        expect(Math.max(...x.map((value, i) => Math.abs(value - y[i])))).toBeLessThan(1e-4);
      }
      await reference.close();
    }
    await model.close();
  });

  it("keeps the stream of a fused model in sums that are left out of the file", async () => {
    const folder = join(shared, "fixtures/gpt2");
    const model = await openModel(join(shared, "fixtures/extra/gpt2/model_ortfused.onnx"));
    const states = await model.states(await readInputs(join(folder, "inputs.json")));
    // As in the contract: float32 summed in another order.
    for (const [layer, { max }] of await distances(states, folder)) expect(max, `layer ${layer}`).toBeLessThan(1e-5);
    await model.close();
  });
});
