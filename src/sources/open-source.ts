import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import type { Model } from "../../models/open-model.ts";
import type { StreamExtras } from "../../models/stream/stream-extras.ts";
import { type PartialPolicy, type Policy, resolvePolicy } from "../../probes/policy/policy.ts";
import type { Effects } from "../effects/effects.ts";
import { EXTRAS, type ExtraOptions } from "../options/extras.ts";
import { MODEL, type ModelOptions } from "../options/model.ts";
import { policyOf } from "../options/policy.ts";
import { TEXTS, type TextOptions } from "../options/texts.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { type ChosenExtras, chooseExtras } from "./choose-extras.ts";
import { modelBatches, modelInputs, openForCommand } from "./model-batches.ts";
import { isStoredStates, openStoredStates } from "./open-stored-states.ts";
import type { ModelBatch, NamedInput, StateSource } from "./state-source.ts";

type SourceOptions = ModelOptions & TextOptions & ExtraOptions & PartialPolicy;

/**
 * Opens what a command measures: states that were saved, where the reference names such, else a model with the texts,
 * images or raw inputs of the flags.
 *
 * @param byDefault what is read where the flags neither ask for it nor leave it out, the model has it and it costs less than
 *   the run itself.
 * @throws TokensphereError `usage` for flags that saved states have no use for; what opening throws.
 */
export async function openSource(
  effects: Effects,
  reference: string | undefined,
  options: SourceOptions,
  byDefault: StreamExtras = {},
): Promise<StateSource> {
  resolvePolicy(policyOf(options)); // What is wrong there is said before a model is fetched.
  if (reference === undefined || !(await isStoredStates(effects, reference))) {
    return modelSource(effects, reference, options, byDefault);
  }
  if (options.attentions) refuseStoredAttention(effects, reference);
  refuseModelFlags(reference, options);
  return openStoredStates(effects, reference);
}

/** Opens a source, lends it to some work and closes it. */
export async function withSource<T>(source: StateSource, work: (source: StateSource) => Promise<T>): Promise<T> {
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

/** The user's policy; where nothing is said, the one that a run's states were measured under. */
export function policyFor({ recorded }: StateSource, options: PartialPolicy): Policy {
  const given = Object.entries(policyOf(options)).filter(([, value]) => value !== undefined);
  return resolvePolicy({ ...recorded, ...Object.fromEntries(given) });
}

/** @throws TokensphereError `usage` where the run that is read would be written over, and lose its states. */
export function refuseOwnRun(source: StateSource, target: string, out: string | undefined): void {
  if (source.run === null || target !== resolve(source.run)) return;
  throw new TokensphereError("usage", `--out: ${out ?? target} is the run that is read. give another folder`);
}

async function modelSource(
  effects: Effects,
  reference: string | undefined,
  options: SourceOptions,
  byDefault: StreamExtras,
): Promise<StateSource> {
  const model = await openForCommand(effects, reference, options);
  if (reference?.endsWith(".safetensors")) effects.say(`note: ${reference} holds a model's weights: the model is run`);
  const extras = await chooseExtras(effects, model, options, byDefault);
  const bundled = reference === undefined;
  const batches = () => modelBatches(effects, model, options, bundled);
  return sourceOf(model, reference, batches, extras, () => modelInputs(effects, model, options, bundled));
}

/** An open model and its states as a source, which closes it; with its inputs where it may be run on them in another way. */
export function sourceOf(
  model: Model,
  reference: string | undefined,
  batches: () => AsyncGenerator<ModelBatch>,
  { states: extras, spectra }: ChosenExtras = { states: {}, spectra: false },
  inputs: (() => AsyncGenerator<NamedInput>) | null = null,
): StateSource {
  return {
    kind: "model",
    name: model.description.model,
    run: null,
    recorded: {},
    opened: inputs && { model, inputs },
    extras,
    batches,
    ...(spectra ? { valueOutputs: () => model.valueOutputs() } : {}),
    record: async () => ({
      arguments: { model: reference ?? null },
      model: { ...model.description, ran: model.ran() },
    }),
    close: () => model.close(),
  };
}

/** Flags that say what runs, or on what. */
const MODEL_FLAGS = [...TEXTS, ...MODEL, ...EXTRAS];

/** Where a run has the measures, it is said where they are. */
function refuseStoredAttention(effects: Effects, reference: string): void {
  if (!existsSync(join(resolve(effects.cwd, reference), RUN_FILES.attention))) return;
  const what = `--attentions: probabilities saved in ${reference} are not measured again`;
  throw new TokensphereError("usage", `${what}. leave it out: ${RUN_FILES.attention} there has the measures`);
}

function refuseModelFlags(reference: string, options: SourceOptions): void {
  const given = new Map(Object.entries(options).filter(([, value]) => value !== undefined && value !== false));
  const flag = MODEL_FLAGS.find((option) => given.has(option.attributeName()));
  if (flag === undefined) return;
  throw new TokensphereError("usage", `${flag.long}: ${reference} holds hidden states, no model is run. leave it out`);
}
