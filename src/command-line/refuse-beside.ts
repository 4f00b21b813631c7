import type { Command } from "commander";
import { TokensphereError } from "../../models/errors.ts";

/** What may stand beside several runs: where their page goes, and how it is told. */
export const SIDE_BY_SIDE = ["out", "force", "json", "open", "quiet", "debug", "seed"];

/**
 * Refuses every flag that was given but these: nothing would come of it.
 *
 * @param what What the command does this time: "runs side by side".
 * @throws TokensphereError `usage` where there is one.
 */
export function refuseBeside(command: Command, allowed: readonly string[], what: string): void {
  const given = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === "cli");
  const flag = given.find((option) => !allowed.includes(option.attributeName()));
  if (flag)
    throw new TokensphereError("usage", `${flag.long ?? flag.flags}: ${what} measures nothing anew. leave it out`);
}
