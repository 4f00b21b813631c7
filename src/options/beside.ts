import { Option } from "@commander-js/extra-typings";
import { wholeOption } from "../command-line/number-options.ts";
import type { OptionsOf } from "../command-line/options-of.ts";

/** What a model is asked beside its states. */
export const BESIDE = [
  new Option(
    "--no-control",
    "leave out the same network untrained, which is read beside it where config.json allows it",
  ),
  wholeOption(
    "--control-draws <number>",
    "untrained networks that the updates are held against, of the seeds from --seed on: the first is fitted too",
    1,
  ).default(3),
  new Option(
    "--no-intervention",
    "leave out the runs with half of the tokens out of the context of the others (intervention.csv)",
  ),
  wholeOption(
    "--looped <layers>",
    "a second row: the model's one shared block applied this many times, measured and drawn, not fitted (default: 48 with the bundled model, else none; 0: none)",
    0,
  ),
] as const;

/** A preset has rows of its own. */
export const BESIDE_CONFLICTS = [
  {
    flags: ["looped"],
    with: ["preset"],
    says: "{flag}: a preset loops by itself, to --depth. leave one of the two out",
  },
] as const;

export type BesideOptions = OptionsOf<typeof BESIDE>;
