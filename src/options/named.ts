import { Option } from "@commander-js/extra-typings";
import { filledOption } from "../command-line/filled-option.ts";
import type { OptionsOf } from "../command-line/options-of.ts";

/** What finds a run again: the manifest keeps it. */
export const NAMED = [
  filledOption("--name <text>", "what the run is called, in its report and in `tokensphere runs`"),
  new Option("--note <text>", "a remark that stands in the report and in `tokensphere runs`"),
] as const;

/** Whether the page that was written is shown. */
export const OPEN = [new Option("--open", "show the page in the browser")] as const;

export type NamedOptions = OptionsOf<typeof NAMED>;
export type OpenOptions = OptionsOf<typeof OPEN>;
