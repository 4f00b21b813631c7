import { Option } from "@commander-js/extra-typings";
import { InvalidArgumentError } from "commander";
import type { OptionsOf } from "../command-line/options-of.ts";

/** Who is near whom, token by token. */
export const WHO = [
  new Option(
    "--no-who",
    "leave out who is near whom, token by token (tokens.csv, pairs.csv, clusters.csv, coordinates.csv)",
  ),
  new Option("--join <cosine>", "tokens above this cosine are followed as one cluster (default: 0.9)").argParser(
    parseJoin,
  ),
  new Option("--centered", "every measure of the tokens less their mean too, in rows centered_… of metrics.csv"),
] as const;

export type WhoFlags = OptionsOf<typeof WHO>;

function parseJoin(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Math.abs(value) <= 1) return value;
  throw new InvalidArgumentError("--join wants a cosine, from -1 to 1.");
}
