import type { Command } from "commander";
import { TokensphereError } from "../../models/errors.ts";

/** Flags that are refused beside others, or without them; options by their names in code. */
export interface Conflict<Name extends string = string> {
  /** The first of these that was given is told. */
  readonly flags: readonly Name[];
  /** Refused where one of these was given … */
  readonly with?: readonly Name[];
  /** … or where none of these was. */
  readonly without?: readonly Name[];
  /** A value that may stand all the same. */
  readonly except?: string | boolean | number;
  /** The message: `{flag}` and `{value}` are those of the refused flag. */
  readonly says: string;
}

/**
 * Refuses flags that do not go together, the first conflict of the list first.
 *
 * @param command With its command line read.
 * @throws TokensphereError `usage` where two flags do not go together.
 */
export function refuseConflicts(command: Command, conflicts: readonly Conflict[]): void {
  // A default is not given: it stands in every way to run a command.
  const isGiven = (name: string) => command.getOptionValueSource(name) === "cli";
  for (const { flags, with: others, without, except, says } of conflicts) {
    if (others && !others.some(isGiven)) continue;
    if (without?.some(isGiven)) continue;
    const name = flags.find(
      (flag) => isGiven(flag) && (except === undefined || command.getOptionValue(flag) !== except),
    );
    if (name !== undefined) throw new TokensphereError("usage", message(command, name, says));
  }
}

function message(command: Command, name: string, says: string): string {
  const flag = command.options.find((option) => option.attributeName() === name)?.long ?? name;
  return says.replace("{flag}", () => flag).replace("{value}", () => String(command.getOptionValue(name)));
}
