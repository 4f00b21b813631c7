import type { Model } from "../../models/open-model.ts";
import type { Effects } from "../effects/effects.ts";
import type { TextOptions } from "../options/texts.ts";
import { bundledPassages } from "../sources/bundled.ts";
import { modelBatches } from "../sources/model-batches.ts";
import type { ModelBatch } from "../sources/state-source.ts";

/** What the user names, else the passages that come with the package, one text each. */
export function presetBatches(effects: Effects, model: Model, options: TextOptions): AsyncGenerator<ModelBatch> {
  const { text, textFile, inputs, image } = options;
  const named = [text, textFile, inputs, image].some((one) => one !== undefined);
  return named ? modelBatches(effects, model, options, false) : passages(effects, model, options);
}

async function* passages(effects: Effects, model: Model, options: TextOptions): AsyncGenerator<ModelBatch> {
  for (const { name, text } of bundledPassages()) {
    const batches = modelBatches(effects, model, { ...options, text: [text] }, false);
    for await (const batch of batches) yield { ...batch, name: batch.name.replace(/^text 0/, name) };
  }
}
