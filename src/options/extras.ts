import { Option } from "@commander-js/extra-typings";
import type { OptionsOf } from "../command-line/options-of.ts";

/** What is measured beside the layers: resid_mid and attention. */
export const EXTRAS = [
  new Option(
    "--resid-mid",
    "measure the stream between attention and MLP too (metrics-mid.csv; --save-states keeps it)",
  ),
  new Option(
    "--attentions",
    "measure attention too: entropy of its rows, slope of log attention against inner product (attention.csv; --save-states keeps the probabilities)",
  ),
] as const;

export type ExtraOptions = OptionsOf<typeof EXTRAS>;

/** Whether states are kept. */
export const SAVE_STATES = [new Option("--save-states", "keep every state in states.safetensors")] as const;

export type SaveOptions = OptionsOf<typeof SAVE_STATES>;
