import { resolve } from "node:path";
import { TokensphereError } from "../models/errors.ts";
import type { HiddenStates } from "../models/hidden-states.ts";
import type { Dtype } from "../models/model-files.ts";
import { type Model, openModel } from "../models/open-model.ts";
import type { Overrides } from "../models/overrides.ts";
import { readInputs } from "../models/raw-inputs.ts";
import { bundledModel } from "./bundled.ts";
import type { Effects } from "./effects.ts";
import type { ModelOptions, TextOptions } from "./options.ts";
import { readTexts } from "./read-texts.ts";

/** States of one batch and what they belong to. */
export interface ModelBatch {
  readonly name: string;
  /** `null`: raw inputs. */
  readonly text: string | null;
  readonly states: HiddenStates;
}

/** What a model is called where none was named: its path says nothing to a reader. */
export const BUNDLED = "bundled";

/** A model opened for a command, closed by it. The one that comes with the package is called {@link BUNDLED}. */
export async function openForCommand(
  effects: Effects,
  reference: string | undefined,
  options: ModelOptions & TextOptions,
): Promise<Model> {
  const model = await openModel(reference ?? bundledModel(), {
    env: effects.env,
    warn: (message) => effects.say(`note: ${message}`),
    progress: (message) => effects.say(message),
    transfer: ({ file, done, total }) => effects.progress.update(total ? done / total : 0, `fetching ${file}`),
    truncate: options.truncate ?? false,
    localFilesOnly: options.localFilesOnly ?? false,
    ...(options.revision === undefined ? {} : { revision: options.revision }),
    ...given(options),
    ...(options.dtype === undefined ? {} : { dtype: options.dtype as Dtype }),
  });
  return reference === undefined ? { ...model, description: { ...model.description, model: BUNDLED } } : model;
}

/**
 * The states of everything that the flags name, one text (or one batch of raw inputs) at a time: nobody has to hold them all.
 * Throws `usage` where texts and raw inputs are mixed or nothing is named.
 */
export async function* modelBatches(
  effects: Effects,
  model: Model,
  options: TextOptions,
  bundled: boolean,
): AsyncGenerator<ModelBatch> {
  if (options.inputs !== undefined) {
    if (options.text || options.textFile) {
      throw new TokensphereError(
        "usage",
        "--inputs and --text or --text-file: both say what is put in. give one of them",
      );
    }
    const inputs = await readInputs(resolve(effects.cwd, options.inputs));
    yield { name: options.inputs, text: null, states: await model.states(inputs) };
    return;
  }
  const texts = await readTexts(effects, options, bundled);
  for (const [i, { name, text }] of texts.entries()) {
    effects.progress.update(
      i / texts.length,
      texts.length > 1 ? `text ${i + 1} of ${texts.length}` : "running the model",
    );
    yield { name, text, states: await model.states(text) };
  }
}

/** Overrides that the user named. */
function given({ depth, heads, randomInit, shuffleTokens }: Overrides): Overrides {
  return Object.fromEntries(
    Object.entries({ depth, heads, randomInit, shuffleTokens }).filter(([, v]) => v !== undefined),
  );
}

/** What the manifest says of a batch's texts. */
export function describeBatch({ name, text, states }: ModelBatch): Record<string, unknown>[] {
  return Array.from({ length: states.batch }, (_, row) => ({
    name: states.batch > 1 ? `${name} row ${row}` : name,
    characters: text === null ? null : text.length,
    positions: states.n,
    counted: states.mask.subarray(row * states.n, (row + 1) * states.n).reduce((a, b) => a + b, 0),
    tokens: states.tokens?.[row] ?? null,
    special: states.special === null ? null : [...states.special.subarray(row * states.n, (row + 1) * states.n)],
  }));
}
