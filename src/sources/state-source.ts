import type { Model, ModelInput } from "../../models/open-model.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { StreamExtras } from "../../models/stream/stream-extras.ts";
import type { BlockValueOutput, NoValueOutput } from "../../models/value-output/value-output.ts";
import type { PartialPolicy } from "../../probes/policy/policy.ts";
import type { Manifest } from "../run/manifest.ts";

/** States of one batch and what they belong to. */
export interface ModelBatch {
  readonly name: string;
  /** One name a row, where rows have names of their own. */
  readonly names?: readonly string[];
  /** `null`: raw inputs, saved states, a part of a text. */
  readonly text: string | null;
  readonly states: HiddenStates;
  /** Which of a longer text's own tokens these are: `[from, to)`. */
  readonly window?: { readonly of: string; readonly from: number; readonly to: number };
}

/** What a model is given and what it belongs to. */
export interface NamedInput extends Omit<ModelBatch, "states"> {
  readonly input: ModelInput;
  /** Whether it is one of several, so that a failure must say which. */
  readonly many: boolean;
}

/** A model at hand, to be run on the same inputs in another way. */
export interface OpenModel {
  readonly model: Model;
  /** Those that the source's batches are of, in the same order; images are not among them. */
  inputs(): AsyncGenerator<NamedInput>;
}

/** Where the states of a command come from: a model that runs on texts or images, or states that were saved. */
export interface StateSource {
  readonly kind: "model" | "states";
  /** The model's name, or the file or folder as the user gave it. */
  readonly name: string;
  /** The run folder that is read; null where none is. */
  readonly run: string | null;
  /** The policy that a run's states were measured under; empty for all else. */
  readonly recorded: PartialPolicy;
  /** Whether a run recorded that no token saw what comes after it; missing where nothing is known. */
  readonly causal?: boolean;
  /** The model that runs; `null` for saved states, and for a preset's readings. */
  readonly opened: OpenModel | null;
  /** What the states hold beside the layers. */
  readonly extras: StreamExtras;
  /** The states, one text or batch after the other: nobody has to hold them all. */
  batches(): AsyncGenerator<ModelBatch>;
  /** Value and output weights of every head, where they are asked for. */
  readonly valueOutputs?: () => AsyncGenerator<BlockValueOutput | NoValueOutput, void, undefined>;
  /** Its part of the manifest, once the states are read. */
  record(): Promise<Pick<Manifest, "arguments" | "model" | "states">>;
  close(): Promise<void>;
}
