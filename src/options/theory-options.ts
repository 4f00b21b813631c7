import { type Command, Option } from "commander";
import { SCHEMES } from "../../sim/theory/equiangular.ts";
import { integer, number } from "./options.ts";

/** Numbers of the theory, all of them needed, by their names in the papers. */
const THEORY_NUMBERS: Readonly<Record<string, string>> = {
  d: "dimension, 2 or more",
  n: "tokens, 2 or more",
  beta: "inverse temperature",
  rho: "inner product, 0 to 1",
  rho0: "inner product at time 0",
  gamma: "beta = gamma log n",
  phi0: "angle at the start, in radians",
  phi1: "angle at the end, in radians",
};

export function addNumbers(command: Command, names: readonly string[]): Command {
  for (const name of names) {
    const parse = name === "d" || name === "n" ? integer(`--${name}`, 2) : number(`--${name}`);
    command.addOption(new Option(`--${name} <number>`, THEORY_NUMBERS[name]).argParser(parse).makeOptionMandatory());
  }
  return command;
}

export function addEquiangularOptions(command: Command): void {
  addNumbers(command, ["n", "beta", "rho0"])
    .addOption(new Option("--times <list>", "times to report: 0,0.5,1 or start:step:end").makeOptionMandatory())
    .addOption(new Option("--scheme <name>", "normalisation").choices(SCHEMES).default("post"))
    .addOption(new Option("--dynamics <name>", "equation of motion").choices(["sa", "usa"]).default("sa"))
    .addOption(new Option("--alpha <number>", "step factor of nGPT (default: 1)").argParser(number("--alpha")))
    .addOption(
      new Option("--tau <number>", "when Mix-LN turns from Post- to Pre-LN (default: 1)").argParser(number("--tau")),
    );
}

export function addClusterOptions(command: Command): void {
  addNumbers(command, ["beta", "phi0", "phi1"])
    .addOption(new Option("--dynamics <name>", "equation of motion").choices(["sa", "usa"]).default("sa"))
    .addOption(
      new Option("--mass <number>", "mass of the first of the two, of 1 in all")
        .argParser(number("--mass"))
        .default(0.5),
    );
}
