import { Option } from "@commander-js/extra-typings";
import type { OptionsOf } from "../command-line/options-of.ts";

/** What is measured beside the layers: resid_mid and attention. Where neither word is given, the command decides. */
export const EXTRAS = [
  new Option(
    "--resid-mid",
    "measure the stream between attention and MLP too (metrics-mid.csv; --save-states keeps it)",
  ).preset<boolean>(true),
  offSwitch("--no-resid-mid", "leave it out where it would be measured"),
  new Option(
    "--attentions",
    "measure attention too: entropy of its rows, slope of log attention against inner product (attention.csv; --save-states keeps the probabilities), spectra of value and output weights (value-output.csv)",
  ).preset<boolean>(true),
  offSwitch("--no-attentions", "leave it out where it would be measured"),
] as const;

export type ExtraOptions = OptionsOf<typeof EXTRAS>;

/** Whether states are kept. */
export const SAVE_STATES = [new Option("--save-states", "keep every state in states.safetensors")] as const;

/** `--no-x` beside `--x`, typed as what it is then: another word for the same, which leaves nothing where it is not given. */
function offSwitch<const Name extends string>(flag: `--no-${Name}`, about: string): Option<`--${Name}`, boolean> {
  return new Option(flag, about).preset(false) as unknown as Option<`--${Name}`, boolean>;
}
