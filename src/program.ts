import { Command, CommanderError, Option } from "commander";
import { TokensphereError } from "../models/errors.ts";
import { addBifurcationOptions, addChaosOptions, addEvolveOptions } from "./commands/mean-field/options.ts";
import { addModeOptions } from "./commands/simulate/mode-options.ts";
import type { Effects } from "./effects/effects.ts";
import { EXIT_CODES, INTERNAL_ERROR } from "./effects/exit-codes.ts";
import { VERSION } from "./effects/version.ts";
import * as options from "./options/options.ts";
import * as theoryOptions from "./options/theory-options.ts";

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
  for (const build of [compare, inspect, probe, simulate, sweep, meanField, fit, report_, theory])
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
  ).argument(
    "[model]",
    "hub id, folder, .onnx or .safetensors file (default: the bundled model); or saved states: run folder, .safetensors, .npz, .npy",
  );
  options.addPreset(c);
  options.addModelOptions(c);
  options.addOverrides(c);
  options.addTextOptions(c);
  options.addPolicyOptions(c);
  options.addFitOptions(c);
  options.addExtras(c);
  options.addOut(c, "folder for the run (default: a new one under runs/)");
  options.addSaveStates(c);
  return c.action(async (model, given) =>
    isPreset(given)
      ? (await import("./commands/preset.ts")).presetCommand(effects, "compare", model, given)
      : (await import("./commands/compare.ts")).compareCommand(effects, model, given),
  );
}

/** A preset has a command of its own: it reads a model in several ways. `--panels` without one is refused there. */
function isPreset({ preset, panels }: options.PresetOptions): boolean {
  return preset !== undefined || panels !== undefined;
}

function inspect(effects: Effects): Command {
  const c = command(
    "inspect",
    "show what a model is made of: blocks, norms, shared weights, precision, and the tensors of its residual stream",
    "  tokensphere inspect ./my-model\n  tokensphere inspect model.onnx --json",
  ).argument("[model]", "hub id, folder, .onnx or .safetensors file (default: the bundled model)");
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
    '  tokensphere probe --text "Call me Ishmael." --out runs/ishmael --save-states\n  tokensphere probe ./vit --image photo.jpg --out runs/vit\n  tokensphere probe states.npz\n  tokensphere probe ./my-albert --preset glpr-figure1',
  ).argument(
    "[model]",
    "hub id, folder, .onnx or .safetensors file (default: the bundled model); or saved states: run folder, .safetensors, .npz, .npy",
  );
  options.addPreset(c);
  options.addModelOptions(c);
  options.addOverrides(c);
  options.addTextOptions(c);
  options.addPolicyOptions(c);
  options.addProbeOptions(c);
  options.addExtras(c);
  options.addOut(c, "folder for the run (default: a new one under runs/)");
  options.addSaveStates(c);
  return c.action(async (model, given) =>
    isPreset(given)
      ? (await import("./commands/preset.ts")).presetCommand(effects, "probe", model, given)
      : (await import("./commands/probe.ts")).probeCommand(effects, model, given),
  );
}

function simulate(effects: Effects): Command {
  const c = command(
    "simulate",
    "integrate SA, USA and their variants on the sphere: the flow, with noise, in layers, or a sweep over beta",
    "  tokensphere simulate --dynamics sa --beta 4 --n 32 --d 3 --times 0,1,2,5,10\n  tokensphere simulate --dynamics usa --beta 1 --init start.npy --times 0:0.1:2 --json --states\n  tokensphere simulate --dynamics sa --beta 4 --n 32 --d 8 --times 0:5:1000 --until mean-cosine=0.999\n  tokensphere simulate --dynamics sa --beta 0 --n 1000 --d 2 --noise 4 --step 0.01 --paths 16 --times 0:2:20\n  tokensphere simulate --dynamics sa_layers --params random --beta 4 --n 32 --d 16 --layer-steps 24 --step 0.2\n  tokensphere simulate --sweep --dynamics sa --n 32 --d 2 --betas 1:1:9 --times 0:0.5:30 --seeds 64",
  );
  options.addSimulateOptions(c);
  addModeOptions(c);
  options.addOut(c, "folder for simulation.json, or for a sweep's table and figure (default: nothing is written)");
  return c.action(async (given) => (await import("./commands/simulate/modes.ts")).simulateModes(effects, given));
}

function sweep(effects: Effects): Command {
  const c = command(
    "sweep",
    "a phase diagram: beta, time and many uniform starts, with statistics kept",
    "  tokensphere sweep --dynamics sa --n 32 --d 2 --betas 0.1..9/90 --times 0..30/200 --seeds 64 --out runs/d2",
  );
  options.addSweepOptions(c);
  options.addOut(
    c,
    "folder for sweep.csv and its figure; an interrupted sweep goes on there (default: nothing is written)",
  );
  return c.action(async (given) => (await import("./commands/sweep.ts")).sweepCommand(effects, given));
}

function meanField(effects: Effects): Command {
  const c = new Command("mean-field").description(
    "densities on the circle: their flow with and without noise, where they rest, how near tokens stay",
  );
  const part = (name: string, description: string, examples: string, isDefault = false): Command => {
    const sub = command(name, description, examples);
    options.addOut(sub, "folder for the numbers and figures (default: nothing is written)");
    c.addCommand(sub, { isDefault });
    return sub;
  };
  const evolve = part(
    "evolve",
    "the continuity equation and, with --noise, Fokker and Planck's (the part that runs where none is named)",
    "  tokensphere mean-field --beta 5 --start uniform:0.01:3 --times 0:0.5:12 --out runs/density\n  tokensphere mean-field --beta 2 --start normal:0:1 --noise 5 --times 0,0.5,1 --particles 1000",
    true,
  );
  addEvolveOptions(evolve);
  evolve.action(async (given) => (await import("./commands/mean-field/evolve.ts")).meanFieldCommand(effects, given));
  const bifurcation = part(
    "bifurcation",
    "densities at rest under noise, stable or not, over its inverse temperature",
    "  tokensphere mean-field bifurcation --dynamics usa --beta 5 --kappas 0.15:0.005:0.3 --out runs/bifurcation",
  );
  addBifurcationOptions(bifurcation);
  bifurcation.action(async (given) =>
    (await import("./commands/mean-field/bifurcation.ts")).bifurcationCommand(effects, given),
  );
  const chaos = part(
    "chaos",
    "W1 between tokens and the density they follow, as their number grows",
    "  tokensphere mean-field chaos --beta 2 --start normal:0:1 --time 0.8 --sizes 100,1000,10000 --out runs/chaos",
  );
  addChaosOptions(chaos);
  chaos.action(async (given) => (await import("./commands/mean-field/chaos.ts")).chaosCommand(effects, given));
  return c;
}

function fit(effects: Effects): Command {
  const c = command(
    "fit",
    "fit SA and USA to saved states, beside the baseline that nothing moves",
    "  tokensphere fit runs/ishmael --json\n  tokensphere fit states.safetensors --time linear --out runs/fit",
  ).argument(
    "<states>",
    "a run folder with saved states, or a file of states: .safetensors or .npz with hidden_states.0, hidden_states.1 …, .npy with all layers",
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
  ).argument("<run>", "a run folder written by probe, fit or compare");
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
  theoryOptions
    .addNumbers(growth, ["d", "beta"])
    .option("--kmax <number>", "how many rates", options.integer("--kmax", 1), 20);
  growth.action(async (given) => (await load()).theoryGrowth(effects, given));
  const equiangular = part(
    "equiangular",
    "inner product of an equiangular cloud along time",
    "--n 32 --beta 4 --rho0 0 --times 0,1,5,10",
  );
  theoryOptions.addEquiangularOptions(equiangular);
  equiangular.action(async (given) => (await load()).theoryEquiangular(effects, given));
  const long = part(
    "long-context",
    "one attention layer on n equiangular tokens at beta = gamma log n",
    "--n 4096 --rho 0.5 --gamma 2",
  );
  theoryOptions
    .addNumbers(long, ["n", "rho", "gamma"])
    .action(async (given) => (await load()).theoryLongContext(effects, given));
  const noise = part("noise", "critical noise of the uniform state", "--d 2 --beta 1");
  theoryOptions.addNumbers(noise, ["d", "beta"]).action(async (given) => (await load()).theoryNoise(effects, given));
  const clusters = part("clusters", "lifetime of two clusters", "--beta 9 --phi0 1 --phi1 0.01");
  theoryOptions.addClusterOptions(clusters);
  clusters.action(async (given) => (await load()).theoryClusters(effects, given));
  return c;
}
