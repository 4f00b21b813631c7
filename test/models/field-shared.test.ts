import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSafetensors, readFloats } from "../../models/arrays/safetensors-reader.ts";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { openModel } from "../../models/open-model.ts";
import { SHARED, SKIPS } from "../skips.ts";

const field = join(SHARED, "field");

// float32, summed in another order over three blocks of states of size 1.
const TOLERANCE = 2e-5;

describe.skipIf(SKIPS.shared.skipped)("inputs from the field that have a reference", () => {
  it.each([
    ["is_causal_false", "", "ref", undefined],
    ["seq_first", "model.onnx", "ref", undefined],
    ["multi_stream", "model.onnx", "ref_query", "query_ids"],
    ["multi_stream", "model.onnx", "ref_doc", "doc_ids"],
    ["prefix/_orig_mod-", "", "ref", undefined],
    ["tied/gpt2", "", "ref", undefined],
  ])("have the states of the code that they were made with: %s %s %s", async (kind, file, name, stream) => {
    const folder = join(field, kind);
    const model = await openModel(join(folder, file), { threads: 1, ...(stream === undefined ? {} : { stream }) });
    const { layers } = await model.states(await readInputs(join(folder, "in.json")));
    await model.close();
    const reference = await openSafetensors(join(folder, `${name}.safetensors`));
    let compared = 0;
    const last = reference.tensors.size - 1;
    for (const { layer, x } of layers) {
      const raw = layer === last && layers.some((other) => other.layer === "final_norm");
      const tensor = layer === "final_norm" ? `hidden_states.${last}` : raw ? null : `hidden_states.${layer}`;
      if (tensor === null || !reference.tensors.has(tensor)) continue;
      const y = (await readFloats(reference, tensor)).x;
      expect(Math.max(...x.map((value, i) => Math.abs(value - y[i]))), `layer ${layer}`).toBeLessThan(TOLERANCE);
      compared++;
    }
    await reference.close();
    expect(compared).toBeGreaterThan(2);
  });
});
