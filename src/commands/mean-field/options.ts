import { type Command, Option } from "commander";
import { integer, number } from "../../options/options.ts";
import { DENSITY_FORMS } from "../../options/parse-density.ts";
import { addNumbers } from "../../options/theory-options.ts";

/** The equation: which attention, β. */
function addEquation(command: Command): Command {
  return addNumbers(
    command.addOption(new Option("--dynamics <name>", "equation of motion").choices(["sa", "usa"]).default("sa")),
    ["beta"],
  );
}

/** The start, the noise and the times of a density. */
function addDensity(command: Command): Command {
  const collect = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];
  return addEquation(command)
    .addOption(
      new Option("--noise <kappa>", "inverse temperature of noise (default: none)").argParser(number("--noise")),
    )
    .addOption(
      new Option("--start <density>", `${DENSITY_FORMS}; given more than once: mixed in equal parts`)
        .argParser(collect)
        .makeOptionMandatory(),
    )
    .addOption(new Option("--modes <number>", "Fourier modes").argParser(integer("--modes", 1)).default(128))
    .addOption(
      new Option("--step <number>", "longest step of noisy particles (default: 0.01 of the last time)").argParser(
        number("--step"),
      ),
    );
}

export function addEvolveOptions(command: Command): void {
  addDensity(command)
    .addOption(new Option("--times <list>", "times to report: 0,0.5,1 or start:step:end").makeOptionMandatory())
    .addOption(
      new Option("--particles <number>", "tokens drawn from the start and moved beside the density").argParser(
        integer("--particles", 1),
      ),
    );
}

export function addBifurcationOptions(command: Command): void {
  addEquation(command)
    .addOption(
      new Option("--kappas <list>", "inverse temperatures of noise: 1,2,5 or start:step:end").makeOptionMandatory(),
    )
    .addOption(new Option("--peaks <number>", "peaks of the densities").argParser(integer("--peaks", 1)).default(1));
}

export function addChaosOptions(command: Command): void {
  addDensity(command)
    .addOption(
      new Option("--time <number>", "when tokens and density are compared")
        .argParser(number("--time"))
        .makeOptionMandatory(),
    )
    .addOption(new Option("--sizes <list>", "numbers of tokens: 100,1000,10000").default("100,316,1000,3162,10000"))
    .addOption(
      new Option("--copies <number>", "independent draws of each size").argParser(integer("--copies", 1)).default(16),
    );
}
