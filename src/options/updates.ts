import { Option } from "@commander-js/extra-typings";
import { InvalidArgumentError } from "commander";
import { namesOption } from "../command-line/names-option.ts";
import type { OptionsOf } from "../command-line/options-of.ts";

/** Leaves the law of the updates out of a study, where it is measured by default. */
export const NO_UPDATES = [
  new Option("--no-updates", "leave out what averaging, SA and USA make of each step (updates.csv)"),
] as const;

/** Which fields are held against the updates, and at which β. */
export const UPDATES = [
  namesOption(
    "--fields <list>",
    "what could move the tokens: averaging, sa, usa, any dynamics by name or a plugin's, and the network's own attention, attention.h0 …, attention_branch, mlp_branch (default: averaging,sa,usa and, where they cost less than the run, the network's own)",
    "averaging,sa",
  ),
  new Option("--betas <numbers>", "one row for each of these in the place of one at the best beta").argParser(
    parseBetas,
  ),
] as const;

export type UpdatesFlags = OptionsOf<typeof UPDATES>;

function parseBetas(text: string): readonly number[] {
  const betas = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (betas.every((beta) => Number.isFinite(beta) && beta >= 0)) return betas;
  throw new InvalidArgumentError("--betas wants finite numbers from 0 on between commas, such as 1,4,16.");
}
