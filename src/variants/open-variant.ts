import { TokensphereError } from "../../models/errors.ts";
import type { Model } from "../../models/open-model.ts";
import type { Effects } from "../effects/effects.ts";
import type { ModelOptions } from "../options/model.ts";
import type { TextOptions } from "../options/texts.ts";
import type { Preset } from "../presets/preset.ts";
import { bundledModel } from "../sources/bundled.ts";
import { openForCommand } from "../sources/model-batches.ts";
import { sourceOf } from "../sources/open-source.ts";
import type { StateSource } from "../sources/state-source.ts";
import { presetBatches } from "./preset-texts.ts";

/** A preset's model with a reading's overrides, and the texts: the same for every reading. */
export async function openVariant(
  effects: Effects,
  preset: Preset,
  model: string,
  options: ModelOptions & TextOptions,
): Promise<StateSource> {
  const opened = await openVariantModel(effects, preset, model, options);
  return { ...sourceOf(opened, model, () => presetBatches(effects, opened, options)), name: model };
}

/**
 * A preset's model, opened with a reading's overrides.
 *
 * @throws TokensphereError `environment` where the preset's own model cannot be fetched, with all that can be done without
 *   a network; else what opening throws.
 */
export async function openVariantModel(
  effects: Effects,
  preset: Preset,
  model: string,
  options: ModelOptions & TextOptions,
): Promise<Model> {
  try {
    return await openForCommand(effects, model, options);
  } catch (error) {
    if (!(error instanceof TokensphereError) || error.kind !== "environment" || model !== preset.model) throw error;
    throw withoutNetwork(preset, error);
  }
}

function withoutNetwork({ name, model }: Preset, cause: TokensphereError): TokensphereError {
  const fetch = `hf download ${model} --include "*.json" model.safetensors`;
  const remedies = [
    `or run \`${fetch}\` where there is a network, and set HF_HOME to a copy of its cache or give the folder`,
    `or take the model that comes with tokensphere: \`tokensphere probe ${bundledModel().replace(/[/\\]$/, "")} --preset ${name}\``,
  ];
  return new TokensphereError(cause.kind, [cause.message, ...remedies].join("; "), { cause });
}
