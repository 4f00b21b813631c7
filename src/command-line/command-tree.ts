import type { Command } from "commander";

/** What can be typed behind a command's words. */
export interface TypedCommand {
  /** The words that lead to it, without the program's own. */
  readonly path: readonly string[];
  readonly about: string;
  /** Words that lead on. */
  readonly parts: readonly { readonly name: string; readonly about: string }[];
  readonly flags: readonly TypedFlag[];
}

export interface TypedFlag {
  readonly long: string;
  readonly about: string;
  /** Whether a value follows. */
  readonly takesValue: boolean;
  /** What the value may be; empty where anything may, such as a file. */
  readonly choices: readonly string[];
}

/** Every command of a program, itself first, each before its parts. */
export function commandTree(command: Command, path: readonly string[] = []): readonly TypedCommand[] {
  const parts = command.commands.map((one) => ({ name: one.name(), about: one.description() }));
  const flags = command.options
    .filter(({ hidden, long }) => !hidden && long)
    .map(({ long, description, required, optional, argChoices }) => ({
      ...{ long: long!, about: description, takesValue: required || optional, choices: argChoices ?? [] },
    }));
  const own = { path, about: command.description(), parts, flags };
  return [own, ...command.commands.flatMap((one) => commandTree(one, [...path, one.name()]))];
}
