import { type Command, InvalidArgumentError, Option } from "commander";
import { TokensphereError } from "../models/errors.ts";
import { DTYPE_SUFFIXES } from "../models/model-files.ts";
import type { Overrides } from "../models/overrides.ts";
import type { PartialPolicy } from "../probes/policy.ts";
import { DYNAMICS, type DynamicsName } from "../sim/dynamics/registry.ts";
import { METHODS } from "../sim/integrators/registry.ts";
import { SCHEMES } from "../sim/theory/equiangular.ts";

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly seed: number;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

/** Which file of a model runs, and how. */
export interface ModelOptions extends Overrides {
  readonly dtype?: string;
  readonly revision?: string;
  readonly localFilesOnly?: boolean;
}

/** What is put in. */
export interface TextOptions {
  readonly text?: readonly string[];
  readonly textFile?: readonly string[];
  readonly inputs?: string;
  readonly lines?: boolean;
  readonly truncate?: boolean;
}

/** Search range and time map of a fit. */
export interface FitCommandOptions {
  readonly time: "auto" | "linear" | "monotone";
  readonly betaRange: readonly [number, number];
  readonly bootstrap: number;
  readonly startLayer: number;
}

export function addModelOptions(command: Command): void {
  command.addOption(
    new Option("--dtype <name>", "precision of the file to run, where a model has several (default: fp32)").choices(
      Object.keys(DTYPE_SUFFIXES),
    ),
  );
  command.addOption(new Option("--revision <name>", "branch, tag or commit of a hub model (default: main)"));
  command.addOption(new Option("--local-files-only", "never ask the network: what the cache has, or an error"));
}

export function addOverrides(command: Command): void {
  command
    .addOption(
      new Option("--depth <number>", "number of blocks, where they share their weights").argParser(
        integer("--depth", 1),
      ),
    )
    .addOption(
      new Option("--heads <number>", "number of attention heads; needs a checkpoint").argParser(integer("--heads", 1)),
    )
    .addOption(
      new Option("--random-init <seed>", "fresh weights in the place of the trained ones; needs config.json").argParser(
        integer("--random-init", 0),
      ),
    )
    .addOption(
      new Option("--shuffle-tokens <seed>", "permute each text's tokens, a control").argParser(
        integer("--shuffle-tokens", 0),
      ),
    );
}

export function addTextOptions(command: Command): void {
  command
    .addOption(new Option("--text <text>", "a text; may be given more than once (- reads stdin)").argParser(collect))
    .addOption(
      new Option("--text-file <file>", "a file with one text; may be given more than once (- is stdin)").argParser(
        collect,
      ),
    )
    .addOption(new Option("--lines", "every line of a text file that is not empty is a text of its own"))
    .addOption(new Option("--inputs <file>", "raw model inputs: JSON {name: {dtype, shape, data}} or .safetensors"))
    .addOption(
      new Option("--truncate", "cut texts that are longer than the model's limit, where otherwise they are refused"),
    );
}

export function addPolicyOptions(command: Command): void {
  command
    .addOption(
      new Option("--special-tokens <policy>", "tokens that the tokenizer adds (default: drop)").choices([
        "drop",
        "keep",
        "only",
      ]),
    )
    .addOption(
      new Option("--normalize <policy>", "how states are scaled (default: l2)").choices(["l2", "none", "layernorm"]),
    )
    .addOption(new Option("--center <policy>", "what is subtracted first: none, mean, abtt:k (default: none)"));
}

export function addProbeOptions(command: Command): void {
  command
    .addOption(
      new Option("--diagonal <policy>", "a token's product with itself (default: exclude)").choices([
        "exclude",
        "include",
      ]),
    )
    .addOption(
      new Option("--pairs <policy>", "pairs of tokens within a text or across texts (default: within)").choices([
        "within",
        "across",
      ]),
    )
    .addOption(new Option("--beta <numbers>", "inverse temperatures of the energy E_β").argParser(numbers("--beta")))
    .addOption(
      new Option("--thresholds <numbers>", "cosines at which clusters are counted").argParser(cosines("--thresholds")),
    );
}

export function addFitOptions(command: Command): void {
  command
    .addOption(
      new Option("--time <map>", "how time runs along the layers")
        .choices(["auto", "linear", "monotone"])
        .default("auto"),
    )
    .addOption(
      new Option("--beta-range <lo,hi>", "inverse temperatures searched")
        .argParser(range("--beta-range"))
        .default([0.05, 60], "0.05,60"),
    )
    .addOption(
      new Option("--bootstrap <number>", "resamples for the interval of β, 0 for none")
        .argParser(integer("--bootstrap", 0))
        .default(200),
    )
    .addOption(
      new Option("--start-layer <layer>", "layer to simulate from").argParser(integer("--start-layer", 0)).default(0),
    );
}

export function addSimulateOptions(command: Command): void {
  command
    .addOption(
      new Option("--dynamics <name>", `equation of motion: ${Object.keys(DYNAMICS).join(", ")}`)
        .argParser(dynamicsName)
        .makeOptionMandatory(),
    )
    .addOption(new Option("--beta <number>", "inverse temperature").argParser(number("--beta")).makeOptionMandatory())
    .addOption(new Option("--init <file>", "start: JSON [[…], …], .npy or .safetensors; rows are brought to length 1"))
    .addOption(
      new Option("--params <file>", "Q, K, V, weights, alpha as JSON or .safetensors, where the dynamics reads them"),
    )
    .addOption(new Option("--tensor <name>", "which tensor of a .safetensors start"))
    .addOption(new Option("--n <number>", "tokens of a uniform start").argParser(integer("--n", 1)))
    .addOption(new Option("--d <number>", "width of a uniform start").argParser(integer("--d", 1)))
    .addOption(new Option("--times <list>", "times to report: 0,0.5,1 or start:step:end").makeOptionMandatory())
    .addOption(new Option("--states", "report every token's coordinates too"))
    .addOption(
      new Option("--method <name>", "integrator: tsit5 and dop853 are adaptive, the others need --step")
        .choices(Object.keys(METHODS))
        .default("tsit5"),
    )
    .addOption(new Option("--step <number>", "step of a fixed-step method").argParser(number("--step")))
    .addOption(new Option("--rtol <number>", "relative tolerance of the adaptive method").argParser(number("--rtol")))
    .addOption(
      new Option("--engine <name>", "where velocities are computed").choices(["auto", "ts", "ort"]).default("auto"),
    );
}

export function addSweepOptions(command: Command): void {
  const seeds = integer("--seeds", 1);
  command
    .addOption(
      new Option("--dynamics <name>", `equation of motion: ${Object.keys(DYNAMICS).join(", ")}`)
        .argParser(dynamicsName)
        .makeOptionMandatory(),
    )
    .addOption(new Option("--n <number>", "tokens").argParser(integer("--n", 2)).makeOptionMandatory())
    .addOption(new Option("--d <number>", "width").argParser(integer("--d", 1)).makeOptionMandatory())
    .addOption(new Option("--betas <list>", "inverse temperatures: 1,2,5 or start:step:end").makeOptionMandatory())
    .addOption(new Option("--times <list>", "times to report: 0,0.5,1 or start:step:end").makeOptionMandatory())
    .addOption(new Option("--seeds <number>", "uniform starts, from --seed on").argParser(seeds).default(64))
    .addOption(
      new Option("--threshold <number>", "cosine from which a pair has met")
        .argParser(number("--threshold"))
        .default(0.999),
    )
    .addOption(new Option("--params <file>", "parameters as JSON or .safetensors, where the dynamics reads them"))
    .addOption(new Option("--rtol <number>", "tolerance of the integrator (default: 1e-5)").argParser(number("--rtol")))
    .addOption(
      new Option("--engine <name>", "where velocities are computed").choices(["auto", "ts", "ort"]).default("auto"),
    );
}

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
    .addOption(new Option("--alpha <number>", "step factor of nGPT").argParser(number("--alpha")));
}

export function addOut(command: Command, description: string): void {
  command.addOption(new Option("--out <folder>", description));
  command.addOption(new Option("--force", "replace an earlier run in that folder"));
}

export function addSaveStates(command: Command): void {
  command.addOption(new Option("--save-states", "keep every state in states.safetensors"));
}

/** The policy flags as the probes want them. */
export function policyOf({ specialTokens, normalize, center, diagonal, pairs }: PartialPolicy): PartialPolicy {
  return { specialTokens, normalize, center, diagonal, pairs };
}

/** Parses an integer not below `least`. */
export function integer(flag: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`${flag} wants a whole number from ${least} on.`);
    }
    return value;
  };
}

/** Parses a finite number. */
export function number(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError(`${flag} wants a finite number.`);
    return value;
  };
}

function numbers(flag: string): (text: string) => number[] {
  return (text) => text.split(",").map(number(flag));
}

function cosines(flag: string): (text: string) => number[] {
  return (text) => {
    const values = numbers(flag)(text);
    if (values.some((v) => Math.abs(v) > 1)) throw new InvalidArgumentError(`${flag} wants cosines, from -1 to 1.`);
    return values;
  };
}

function range(flag: string): (text: string) => [number, number] {
  return (text) => {
    const [lo, hi, ...rest] = numbers(flag)(text);
    if (rest.length > 0 || !(lo > 0 && hi > lo))
      throw new InvalidArgumentError(`${flag} wants lo,hi with 0 < lo < hi.`);
    return [lo, hi];
  };
}

/** Times as a list `0,0.5,1` or a range `start:step:end`, end included. Throws `usage` on anything else. */
export function parseTimes(text: string, flag = "--times"): number[] {
  const parts = text.split(":");
  const values = text.split(/[,:]/).map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const bad = values.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) throw new TokensphereError("usage", `${flag}: ${text}. give numbers, such as 0,0.5,1 or 0:0.1:2`);
  if (parts.length === 1) return values;
  const [start, step, end] = values;
  if (parts.length !== 3 || values.length !== 3 || !(step > 0) || end < start || (end - start) / step > 1e6) {
    throw new TokensphereError("usage", `${flag}: ${text}. a range is start:step:end with a positive step`);
  }
  const count = Math.floor((end - start) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => start + i * step);
}

function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** A dynamics by its name; hyphens count as underscores. */
function dynamicsName(text: string): DynamicsName {
  const name = text.toLowerCase().replaceAll("-", "_");
  if (Object.hasOwn(DYNAMICS, name)) return name as DynamicsName;
  throw new InvalidArgumentError(`Allowed choices are ${Object.keys(DYNAMICS).join(", ")}.`);
}
