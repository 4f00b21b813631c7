import { type Command, Option } from "commander";
import { addSweepWork, integer, number } from "../../options/options.ts";

/** Flags of what `simulate` does beside following the flow: noisy paths, layers, sweeps. */
export function addModeOptions(command: Command): void {
  addNoiseOptions(command);
  addSweepMode(command);
  command.hook("preAction", requireForMode);
}

/** Which flags are mandatory depends on the mode; said as commander says it of those that always are. */
function requireForMode(command: Command): void {
  const given = command.opts();
  const plain = given.layerSteps === undefined ? ["beta", "times"] : ["beta"];
  const needed = given.sweep ? ["n", "d", "betas", "times"] : plain;
  const missing = command.options.find(
    (option) => needed.includes(option.attributeName()) && given[option.attributeName()] === undefined,
  );
  if (missing) command.error(`error: required option '${missing.flags}' not specified`);
}

function addNoiseOptions(command: Command): void {
  const paths = integer("--paths", 1);
  const noise = new Option(
    "--noise <kappa>",
    "inverse temperature of noise: dX = v dt + sqrt(2/kappa) dW, steps of --step",
  );
  command
    .addOption(noise.argParser(number("--noise")))
    .addOption(
      new Option("--paths <number>", "noisy paths, of which statistics are told (default: 1)").argParser(paths),
    )
    .addOption(
      new Option(
        "--layer-steps <number>",
        "residual layers x + step A(x), as a transformer has them, beside the flow",
      ).argParser(integer("--layer-steps", 1)),
    );
}

/** The flags of `sweep` that `simulate --sweep` has beside its own. */
function addSweepMode(command: Command): void {
  command
    .addOption(new Option("--sweep", "a phase diagram over --betas, --times and --seeds, as the command sweep"))
    .addOption(new Option("--betas <list>", "inverse temperatures of a sweep: 1,2,5 or start:step:end"))
    .addOption(
      new Option("--seeds <number>", "uniform starts of a sweep (default: 64)").argParser(integer("--seeds", 1)),
    )
    .addOption(
      new Option("--threshold <number>", "cosine from which a pair has met, in a sweep (default: 0.999)").argParser(
        number("--threshold"),
      ),
    );
  addSweepWork(command);
}
