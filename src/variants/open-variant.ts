import { TokensphereError } from "../../models/errors.ts";
import type { Model } from "../../models/open-model.ts";
import type { Effects } from "../effects/effects.ts";
import type { ModelOptions, TextOptions } from "../options/options.ts";
import type { Preset } from "../presets/preset.ts";
import { bundledModel } from "../sources/bundled.ts";
import { openForCommand } from "../sources/model-batches.ts";

/**
 * A preset's model, opened with a reading's overrides.
 *
 * @throws TokensphereError `environment` where the preset's own model cannot be fetched, with all that can be done without
 *   a network; else what opening throws.
 */
export async function openVariant(
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
