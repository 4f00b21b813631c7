import type { InferArgument } from "@commander-js/extra-typings";
import { Command } from "commander";
import type { Effects } from "../effects/effects.ts";
import { COMMON } from "./common.ts";
import { type Conflict, refuseConflicts } from "./conflicts.ts";
import type { AnyOption, OptionsOf } from "./options-of.ts";

/** The word behind a command: what it works on. */
export interface CommandArgument<Usage extends string = string> {
  /** `<run>`, or `[run]` where it may be left out. */
  readonly usage: Usage;
  readonly about: string;
}

/** All that the command line knows of a command. The work lies elsewhere and is loaded when it is called. */
export interface CommandDefinition<Usage extends string, Options extends readonly AnyOption[]> {
  readonly name: string;
  readonly about: string;
  /** Command lines, without the two spaces before them. */
  readonly examples: readonly string[];
  readonly argument?: CommandArgument<Usage>;
  /** Beside those that all commands have. */
  readonly options: Options;
  readonly conflicts?: readonly Conflict<keyof OptionsOf<Options> & string>[];
  /** What is to be done: called as soon as the command line is read, so that it may refuse it; the work it hands back comes then. */
  readonly run: (
    options: OptionsOf<readonly [...typeof COMMON, ...Options]>,
    argument: InferArgument<Usage>,
    /** The command itself: which options were given, and the tree that it is in. */
    command: Command,
  ) => (effects: Effects) => Promise<void>;
}

/** Makes a command, or a group of them, that acts through some effects. */
export type CommandMaker = (effects: Effects) => Command;

/** A command from its definition; the types of what `run` is given are those of the declared options. */
export function defineCommand<Usage extends string, const Options extends readonly AnyOption[]>(
  definition: CommandDefinition<Usage, Options>,
): CommandMaker {
  const { name, about, examples, argument, options, conflicts = [], run } = definition;
  return (effects) => {
    const command = new Command(name).description(about).allowExcessArguments(false);
    if (argument) command.argument(argument.usage, argument.about);
    for (const option of [...COMMON, ...options]) command.addOption(option);
    let work: ReturnType<typeof run>;
    return command
      .addHelpText("after", `\nExample:\n${examples.map((example) => `  ${example}`).join("\n")}`)
      .hook("preAction", () => {
        refuseConflicts(command, conflicts);
        work = run(command.opts(), command.processedArgs[0], command);
      })
      .action(() => work(effects));
  };
}

/** Commands behind one word. */
export interface GroupDefinition {
  readonly name: string;
  readonly about: string;
  readonly parts: readonly CommandMaker[];
  /** Whether the first part runs where none is named. */
  readonly runsFirst?: boolean;
}

/** Several commands as parts of one. */
export function defineGroup({ name, about, parts, runsFirst = false }: GroupDefinition): CommandMaker {
  return (effects) => {
    const group = new Command(name).description(about);
    for (const [k, part] of parts.entries()) group.addCommand(part(effects), { isDefault: runsFirst && k === 0 });
    return group;
  };
}
