import { Option } from "@commander-js/extra-typings";
import type { OptionsOf } from "../command-line/options-of.ts";

/** What a model is asked beside its states, unless it is left out. */
export const BESIDE = [
  new Option(
    "--no-control",
    "leave out the same network untrained, which is read beside it where config.json allows it",
  ),
  new Option(
    "--no-intervention",
    "leave out the runs with half of the tokens out of the context of the others (intervention.csv)",
  ),
] as const;

export type BesideOptions = OptionsOf<typeof BESIDE>;
