import type { PartialPolicy } from "../probes/policy.ts";
import type { Manifest } from "./manifest.ts";
import type { ModelBatch } from "./model-batches.ts";

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
