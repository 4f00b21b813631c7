import { resolve } from "node:path";
import type { Overrides } from "../../models/files/overrides.ts";
import { type ChunkPolicy, chunkEncoded } from "../../models/inputs/chunk-encoded.ts";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { type Model, openModel } from "../../models/open-model.ts";
import type { StreamExtras } from "../../models/stream/stream-extras.ts";
import type { Effects } from "../effects/effects.ts";
import { flagsInMessage } from "../effects/flags-in-messages.ts";
import type { ModelOptions } from "../options/model.ts";
import type { TextOptions } from "../options/texts.ts";
import { bundledModel } from "./bundled.ts";
import { namingFailures } from "./name-failure.ts";
import { imageBatches } from "./read-images.ts";
import { readTexts } from "./read-texts.ts";
import { refuseReference } from "./refuse-reference.ts";
import type { ModelBatch, NamedInput } from "./state-source.ts";

/** What a model is called where none was named: its path says nothing to a reader. */
export const BUNDLED = "bundled";

/** A model opened for a command, closed by it. The one that comes with the package is called {@link BUNDLED}. */
export async function openForCommand(
  effects: Effects,
  reference: string | undefined,
  options: ModelOptions & TextOptions & StreamExtras,
): Promise<Model> {
  refuseReference(effects, reference, options.revision);
  const model = await openModel(reference ?? bundledModel(), {
    env: effects.env,
    spin: false, // Measures and helpers work beside it.
    warn: (message) => effects.say(`note: ${flagsInMessage(message)}`),
    progress: (message) => effects.say(message),
    transfer: ({ file, done, total }) => effects.progress.update(total ? done / total : 0, `fetching ${file}`),
    truncate: options.truncate ?? false,
    residMid: options.residMid ?? false,
    attentions: options.attentions ?? false,
    localFilesOnly: options.localFilesOnly ?? false,
    ...(options.revision === undefined ? {} : { revision: options.revision }),
    ...(options.providers === undefined ? {} : { providers: options.providers }),
    ...(options.stream === undefined ? {} : { stream: options.stream }),
    ...given(options),
    ...(options.dtype === undefined ? {} : { dtype: options.dtype }),
  });
  return reference === undefined ? { ...model, description: { ...model.description, model: BUNDLED } } : model;
}

/**
 * The states of everything that the flags name, one text (or one batch of raw inputs) at a time: nobody has to hold them all.
 * Throws `usage` where nothing is named.
 */
export async function* modelBatches(
  effects: Effects,
  model: Model,
  options: TextOptions,
  bundled: boolean,
): AsyncGenerator<ModelBatch> {
  if (options.image) {
    yield* imageBatches(effects, model, options.image);
    return;
  }
  for await (const { input, many, ...named } of modelInputs(effects, model, options, bundled)) {
    const run = () => model.states(input, { name: named.name });
    yield { ...named, states: await namingMany(many, named.name, run) };
  }
}

/** What a model is given by the flags that name texts or raw inputs, one after the other; images are read with the model. */
export async function* modelInputs(
  effects: Effects,
  model: Model,
  options: TextOptions,
  bundled: boolean,
): AsyncGenerator<NamedInput> {
  if (options.inputs !== undefined) {
    const input = await readInputs(resolve(effects.cwd, options.inputs));
    yield { name: options.inputs, text: null, input, many: false };
    return;
  }
  const texts = await readTexts(effects, options, bundled);
  const many = texts.length > 1;
  for (const [i, { name, text }] of texts.entries()) {
    effects.progress.update(i / texts.length, many ? `text ${i + 1} of ${texts.length}` : "running the model");
    if (options.chunk) yield* chunkInputs(model, name, text, options.chunk, many);
    else yield { name, text, input: text, many };
  }
}

/** Of many texts a failure says which. */
function namingMany<T>(many: boolean, name: string, work: () => Promise<T>): Promise<T> {
  return many ? namingFailures({ name }, 1, work) : work();
}

/** A text that fits is itself; a longer one becomes windows `name#1`, `name#2` …, each a text of its own. */
async function* chunkInputs(
  model: Model,
  name: string,
  text: string,
  policy: ChunkPolicy,
  many: boolean,
): AsyncGenerator<NamedInput> {
  const tokenizer = await model.tokenizer();
  const whole = await namingMany(many, name, async () => tokenizer.encode(text, { whole: true }));
  const windows = chunkEncoded(whole, policy, tokenizer.limit);
  for (const [i, { encoded: input, from, to }] of windows.entries()) {
    if (windows.length === 1) yield { name, text, input, many };
    else yield { name: `${name}#${i + 1}`, text: null, input, many: true, window: { of: name, from, to } };
  }
}

/** Overrides that the user named. */
function given({ depth, heads, randomInit, shuffleTokens }: Overrides): Overrides {
  return Object.fromEntries(
    Object.entries({ depth, heads, randomInit, shuffleTokens }).filter(([, v]) => v !== undefined),
  );
}

/** What the manifest says of a batch's texts. */
export function describeBatch({ name, names, text, states, window }: ModelBatch): Record<string, unknown>[] {
  return Array.from({ length: states.batch }, (_, row) => ({
    name: names?.[row] ?? (states.batch > 1 ? `${name} row ${row}` : name),
    ...(window ? { window } : {}),
    characters: text === null ? null : text.length,
    positions: states.n,
    counted: states.mask.subarray(row * states.n, (row + 1) * states.n).reduce((a, b) => a + b, 0),
    tokens: states.tokens?.[row] ?? null,
    special: states.special === null ? null : [...states.special.subarray(row * states.n, (row + 1) * states.n)],
  }));
}
