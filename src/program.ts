import { Command, CommanderError, Option } from "commander";
import { TokensphereError } from "../models/errors.ts";
import type { Effects } from "./effects.ts";
import { EXIT_CODES, INTERNAL_ERROR } from "./exit-codes.ts";
import * as options from "./options.ts";
import { VERSION } from "./version.ts";

/**
 * Runs the command line and returns the exit code. Each command's work lies in a file of its own, loaded only when it is called:
 * here are names, options and help. Every failure is one line on stderr.
 */
export async function runProgram(args: readonly string[], effects: Effects): Promise<number> {
  const failures: string[] = [];
  const program = buildProgram(effects, failures);
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    effects.progress.stop();
    return report(error, args, failures, effects);
  }
}

function report(error: unknown, args: readonly string[], failures: readonly string[], effects: Effects): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const text = failures.join("");
    // Called without a command, commander writes its help in place of a message: lines of their own.
    effects.fail(error.code === "commander.help" ? text.trimEnd() : oneLine(text));
    return EXIT_CODES.usage;
  }
  if (error instanceof TokensphereError) {
    effects.fail(`error: ${oneLine(error.message)}`);
    if (args.includes("--debug")) effects.fail(String(error.stack));
    return EXIT_CODES[error.kind];
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  effects.fail(`internal error: ${oneLine(message)}. this is a fault of tokensphere; --debug shows where`);
  if (args.includes("--debug")) effects.fail(String(stack));
  return INTERNAL_ERROR;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").trim();
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
  for (const build of [compare, inspect, probe, simulate, sweep, fit, report_, theory])
    program.addCommand(inherit(build(effects), program));
  return program;
}

/** Exits, help and output are the program's for commands within commands too, or commander would end the process itself. */
function inherit(command: Command, from: Command): Command {
  command.copyInheritedSettings(from);
  for (const part of command.commands) inherit(part, from);
  return command;
}

/** A command with what all have: JSON, seed, quiet, debug, an example. */
function command(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .addOption(new Option("--json", "print one JSON document on stdout"))
    .addOption(
      new Option("--seed <number>", "seed of everything random").argParser(options.integer("--seed", 0)).default(1),
    )
    .addOption(new Option("-q, --quiet", "no talk and no progress bar on stderr"))
    .addOption(new Option("--debug", "show the stack of an error"))
    .addHelpText("after", `\nExample:\n${example}`)
    .allowExcessArguments(false);
}

function compare(effects: Effects): Command {
  const c = command(
    "compare",
    "the main job: probe a model's layers, fit SA and USA, draw figures and a report",
    '  tokensphere compare --text "Call me Ishmael. Some years ago …" --out runs/ishmael\n  tokensphere compare ./my-model --text-file essay.txt --json > result.json',
  ).argument("[model]", "hub id, folder or .onnx file (default: the bundled model)");
  options.addModelOptions(c);
  options.addOverrides(c);
  options.addTextOptions(c);
  options.addPolicyOptions(c);
  options.addFitOptions(c);
  options.addOut(c, "folder for the run (default: a new one under runs/)");
  options.addSaveStates(c);
  return c.action(async (model, given) =>
    (await import("./commands/compare.ts")).compareCommand(effects, model, given),
  );
}

function inspect(effects: Effects): Command {
  const c = command(
    "inspect",
    "show where a model's residual stream runs: one line a layer",
    "  tokensphere inspect ./my-model\n  tokensphere inspect model.onnx --json",
  ).argument("[model]", "hub id, folder or .onnx file (default: the bundled model)");
  options.addModelOptions(c);
  options.addOverrides(c);
  options.addOut(c, "folder for inspect.json (default: nothing is written)");
  return c.action(async (model, given) =>
    (await import("./commands/inspect.ts")).inspectCommand(effects, model, given),
  );
}

function probe(effects: Effects): Command {
  const c = command(
    "probe",
    "measure every token's state after every layer: inner products, ranks, norms, energy, clusters",
    '  tokensphere probe --text "Call me Ishmael." --out runs/ishmael --save-states\n  tokensphere probe vit/model.onnx --inputs pixels.json --out runs/vit',
  ).argument("[model]", "hub id, folder or .onnx file (default: the bundled model)");
  options.addModelOptions(c);
  options.addOverrides(c);
  options.addTextOptions(c);
  options.addPolicyOptions(c);
  options.addProbeOptions(c);
  options.addOut(c, "folder for the run (default: a new one under runs/)");
  options.addSaveStates(c);
  return c.action(async (model, given) => (await import("./commands/probe.ts")).probeCommand(effects, model, given));
}

function simulate(effects: Effects): Command {
  const c = command(
    "simulate",
    "integrate SA or USA on the sphere",
    "  tokensphere simulate --dynamics sa --beta 4 --n 32 --d 3 --times 0,1,2,5,10\n  tokensphere simulate --dynamics usa --beta 1 --init start.npy --times 0:0.1:2 --json --states",
  );
  options.addSimulateOptions(c);
  options.addOut(c, "folder for simulation.json (default: nothing is written)");
  return c.action(async (given) => (await import("./commands/simulate.ts")).simulateCommand(effects, given));
}

function sweep(effects: Effects): Command {
  const c = command(
    "sweep",
    "a phase diagram: beta, time and many uniform starts, with statistics kept",
    "  tokensphere sweep --dynamics sa --n 32 --d 2 --betas 0.1:0.1:9 --times 0:0.15:30 --seeds 64 --out runs/d2",
  );
  options.addSweepOptions(c);
  options.addOut(
    c,
    "folder for sweep.csv and its figure; an interrupted sweep goes on there (default: nothing is written)",
  );
  return c.action(async (given) => (await import("./commands/sweep.ts")).sweepCommand(effects, given));
}

function fit(effects: Effects): Command {
  const c = command(
    "fit",
    "fit SA and USA to saved states, beside the baseline that nothing moves",
    "  tokensphere fit runs/ishmael --json\n  tokensphere fit states.safetensors --time linear --out runs/fit",
  ).argument(
    "<states>",
    "a run folder with saved states, or a .safetensors file with hidden_states.0, hidden_states.1 …",
  );
  options.addPolicyOptions(c);
  options.addFitOptions(c);
  options.addOut(c, "folder for fit.json and figures (default: nothing is written)");
  return c.action(async (states, given) => (await import("./commands/fit.ts")).fitCommand(effects, states, given));
}

function report_(effects: Effects): Command {
  const c = command(
    "report",
    "draw the figures and the report of a run again, from its files",
    "  tokensphere report runs/ishmael",
  ).argument("<run>", "a run folder written by probe or compare");
  options.addOut(c, "folder for the new figures and report.html (default: the run folder)");
  return c.action(async (run, given) => (await import("./commands/report.ts")).reportCommand(effects, run, given));
}

function theory(effects: Effects): Command {
  const c = new Command("theory").description(
    "values of the theory: growth rates, equiangular curves, long context, noise, clusters",
  );
  const part = (name: string, description: string, example: string): Command => {
    const sub = command(name, description, `  tokensphere theory ${name} ${example}`);
    c.addCommand(sub);
    return sub;
  };
  const load = () => import("./commands/theory.ts");
  const growth = part("growth", "growth rates of perturbations of the uniform cloud", "--d 2 --beta 5 --kmax 10");
  options
    .addNumbers(growth, ["d", "beta"])
    .option("--kmax <number>", "how many rates", options.integer("--kmax", 1), 20);
  growth.action(async (given) => (await load()).theoryGrowth(effects, given));
  const equiangular = part(
    "equiangular",
    "inner product of an equiangular cloud along time",
    "--n 32 --beta 4 --rho0 0 --times 0,1,5,10",
  );
  options.addEquiangularOptions(equiangular);
  equiangular.action(async (given) => (await load()).theoryEquiangular(effects, given));
  const long = part(
    "long-context",
    "one attention layer on n equiangular tokens at beta = gamma log n",
    "--n 4096 --rho 0.5 --gamma 2",
  );
  options
    .addNumbers(long, ["n", "rho", "gamma"])
    .action(async (given) => (await load()).theoryLongContext(effects, given));
  const noise = part("noise", "critical noise of the uniform state", "--d 2 --beta 1");
  options.addNumbers(noise, ["d", "beta"]).action(async (given) => (await load()).theoryNoise(effects, given));
  const clusters = part("clusters", "lifetime of two equal clusters", "--beta 9 --phi0 1 --phi1 0.01");
  options
    .addNumbers(clusters, ["beta", "phi0", "phi1"])
    .action(async (given) => (await load()).theoryClusters(effects, given));
  return c;
}
