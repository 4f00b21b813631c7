import type { HiddenStates } from "../../models/stream/hidden-states.ts";
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

/** Where the states of a command come from: a model that runs on texts or images, or states that were saved. */
export interface StateSource {
  readonly kind: "model" | "states";
  /** The model's name, or the file or folder as the user gave it. */
  readonly name: string;
  /** The run folder that is read; null where none is. */
  readonly run: string | null;
  /** The policy that a run's states were measured under; empty for all else. */
  readonly recorded: PartialPolicy;
  /** The states, one text or batch after the other: nobody has to hold them all. */
  batches(): AsyncGenerator<ModelBatch>;
  /** Its part of the manifest, once the states are read. */
  record(): Promise<Pick<Manifest, "arguments" | "model" | "states">>;
  close(): Promise<void>;
}
