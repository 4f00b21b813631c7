import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { oneStop } from "../models/errors.ts";
import type { CommandMaker } from "./command-line/define-command.ts";
import { suggest } from "./command-line/suggest.ts";
import { compare } from "./commands/compare.ts";
import { completion } from "./commands/completion.ts";
import { fit } from "./commands/fit.ts";
import { inspect } from "./commands/inspect.ts";
import { meanField } from "./commands/mean-field.ts";
import { probe } from "./commands/probe.ts";
import { report } from "./commands/report.ts";
import { runs } from "./commands/runs.ts";
import { simulate } from "./commands/simulate.ts";
import { sweep } from "./commands/sweep.ts";
import { theory } from "./commands/theory.ts";
import { updates } from "./commands/updates.ts";
import { view } from "./commands/view.ts";
import type { Effects } from "./effects/effects.ts";
import { EXIT_CODES } from "./effects/exit-codes.ts";
import { oneLine, tellFailure } from "./effects/tell-failure.ts";
import { VERSION } from "./effects/version.ts";

/** In the order of the help. */
const COMMANDS: readonly CommandMaker[] = [
  compare,
  inspect,
  probe,
  updates,
  simulate,
  sweep,
  meanField,
  fit,
  report,
  runs,
  view,
  theory,
  completion,
];

/**
 * Runs the command line and returns the exit code. A command's work is loaded only when it is called. Every failure is one
 * line on stderr.
 */
export async function runProgram(args: readonly string[], effects: Effects): Promise<number> {
  const failures: string[] = [];
  const program = buildProgram(effects, failures);
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    effects.progress.stop();
    const commands = program.commands.flatMap((one) => [
      one.name(),
      ...one.commands.map((part) => `${one.name()} ${part.name()}`),
    ]);
    return tell(error, { args, commands }, failures, effects);
  }
}

/** What was typed, and what could have been. */
interface Typed {
  readonly args: readonly string[];
  readonly commands: readonly string[];
}

function tell(error: unknown, { args, commands }: Typed, failures: readonly string[], effects: Effects): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const text = failures.join("");
    const better = suggest(text, args, (word) => existsSync(resolve(effects.cwd, word)), commands);
    // Called without a command, commander writes its help in place of a message: lines of their own.
    if (error.code === "commander.help") effects.fail(text.trimEnd());
    else effects.fail(oneStop(better ? `${oneLine(text)}. ${better}` : oneLine(text)));
    return EXIT_CODES.usage;
  }
  return tellFailure(error, { fail: effects.fail, debug: args.includes("--debug") });
}

/** Every command with its options and help; what commander writes of errors is collected in `failures`. */
export function buildProgram(effects: Effects, failures: string[]): Command {
  const program = new Command("tokensphere")
    .description("Ask of a trained transformer what the theory of attention dynamics says of it.")
    .version(VERSION, "-V, --version")
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => effects.print(text.trimEnd()),
      writeErr: (text) => void failures.push(text),
    });
  for (const make of COMMANDS) program.addCommand(inherit(make(effects), program));
  return program;
}

/** Exits, help and output are the program's for commands within commands too, or commander would end the process itself. */
function inherit(command: Command, from: Command): Command {
  command.copyInheritedSettings(from);
  for (const part of command.commands) inherit(part, from);
  return command;
}
