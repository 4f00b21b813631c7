import { Option } from "@commander-js/extra-typings";
import { DEFAULT_SEED } from "../../models/random.ts";
import { filledOption } from "./filled-option.ts";
import { wholeOption } from "./number-options.ts";
import type { OptionsOf } from "./options-of.ts";

/** What every command has. */
export const COMMON = [
  new Option("--json", "print one JSON document on stdout"),
  wholeOption("--seed <number>", "seed of everything random", 0).default(DEFAULT_SEED),
  new Option("-q, --quiet", "no talk and no progress bar on stderr"),
  new Option("--debug", "show the stack of an error"),
] as const;

export type CommonOptions = OptionsOf<typeof COMMON>;

/** Where the command writes; `about` says what lands there. */
export function out(about: string) {
  return [
    filledOption("--out <folder>", about),
    new Option("--force", "replace an earlier run in that folder"),
  ] as const;
}

export type OutOptions = OptionsOf<ReturnType<typeof out>>;
