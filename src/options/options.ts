import { type Command, InvalidArgumentError, Option } from "commander";
import { DTYPE_SUFFIXES } from "../../models/files/model-files.ts";
import type { Overrides } from "../../models/files/overrides.ts";
import type { ChunkPolicy } from "../../models/inputs/chunk-encoded.ts";
import type { PartialPolicy } from "../../probes/policy/policy.ts";
import { DYNAMICS, type DynamicsName } from "../../sim/dynamics/dynamics-table.ts";
import { METHODS } from "../../sim/methods/methods.ts";
import { PRESETS } from "../presets/presets.ts";
import { addEventOptions } from "./event-options.ts";

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
  readonly chunk?: ChunkPolicy;
  readonly image?: readonly string[];
}

/** A named way to run the command. */
export interface PresetOptions {
  readonly preset?: string;
  readonly panels?: string;
}

/** Search range and time map of a fit. */
export interface FitCommandOptions {
  readonly time: "auto" | "linear" | "monotone";
  readonly betaRange: readonly [number, number];
  readonly bootstrap: number;
  readonly startLayer: number;
}

/** Which file of a model is run, and where it comes from. */
export function addModelOptions(command: Command): void {
  command.addOption(
    new Option("--dtype <name>", "precision of the file to run, where a model has several (default: fp32)").choices(
      Object.keys(DTYPE_SUFFIXES),
    ),
  );
  command.addOption(new Option("--revision <name>", "branch, tag or commit of a hub model (default: main)"));
  command.addOption(new Option("--local-files-only", "never ask the network: what the cache has, or an error"));
}

/** What is changed in a model before it runs. */
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

/** Flags by one name, and the layers that it draws. */
export function addPreset(command: Command): void {
  const names = Object.keys(PRESETS);
  const panels = [...new Set(Object.values(PRESETS).flatMap((preset) => Object.keys(preset.panels)))];
  command
    .addOption(
      new Option(
        "--preset <name>",
        `flags by one name; those given beside it win. ${names.map((name) => `${name}: ${PRESETS[name].about}`).join("; ")}`,
      ).choices(names),
    )
    .addOption(new Option("--panels <layers>", `layers that a preset draws: ${panels.join(", ")} or a list: 0,12,48`));
}

/** What a model is given: texts, images or raw inputs. */
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
    )
    .addOption(
      new Option(
        "--chunk <size[:overlap]>",
        "split longer texts into windows of that many tokens (max: as many as the model takes), each a text of its own",
      ).argParser(parseChunk),
    )
    .addOption(
      new Option("--image <file>", "an image for a vision model; may be given more than once").argParser(collect),
    );
}

/** Which tokens count and how their states are scaled and centred. */
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

/** Which pairs are measured, and at which inverse temperatures and thresholds. */
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

/** What is searched when dynamics are fitted. */
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

/** Equation, start, times and solver of a simulation. */
export function addSimulateOptions(command: Command): void {
  command
    .addOption(
      new Option("--dynamics <name>", `equation of motion: ${Object.keys(DYNAMICS).join(", ")}`)
        .argParser(dynamicsName)
        .makeOptionMandatory(),
    )
    .addOption(new Option("--beta <number>", "inverse temperature").argParser(number("--beta")))
    .addOption(new Option("--init <file>", "start: JSON [[…], …], .npy or .safetensors; rows are brought to length 1"))
    .addOption(
      new Option(
        "--params <file>",
        "Q, K, V, weights, alpha as JSON or .safetensors, where the dynamics reads them; `random`: new Q, K, V in each layer",
      ),
    )
    .addOption(new Option("--tensor <name>", "which tensor of a .safetensors start"))
    .addOption(new Option("--n <number>", "tokens of a uniform start").argParser(integer("--n", 1)))
    .addOption(new Option("--d <number>", "width of a uniform start").argParser(integer("--d", 1)))
    .addOption(new Option("--times <list>", "times to report: 0,0.5,1 or start:step:end or 1e-2..1e40/43/log"))
    .addOption(new Option("--states", "report every token's coordinates too"))
    .addOption(
      new Option("--method <name>", "integrator: tsit5 and dop853 are adaptive, the others need --step")
        .choices(Object.keys(METHODS))
        .default("tsit5"),
    )
    .addOption(
      new Option("--step <number>", "step of a fixed-step method, of the noise or of a layer").argParser(
        number("--step"),
      ),
    )
    .addOption(new Option("--rtol <number>", "relative tolerance of the adaptive method").argParser(number("--rtol")))
    .addOption(
      new Option("--max-steps <number>", "steps after which a run is given up (default: 100000)").argParser(
        integer("--max-steps", 1),
      ),
    )
    .addOption(
      new Option("--engine <name>", "where velocities are computed (simd: if Q = K = V = I; harmonic: also d = 2 or 3)")
        .choices(["auto", "ts", "simd", "ort", "harmonic"])
        .default("auto"),
    );
  addEventOptions(command);
}

/** Equation, grid and starts of a sweep. */
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
    .addOption(
      new Option(
        "--betas <list>",
        "inverse temperatures: 1,2,5, start:step:end or first..last/count",
      ).makeOptionMandatory(),
    )
    .addOption(new Option("--times <list>", "times to report, written in the same ways").makeOptionMandatory())
    .addOption(new Option("--seeds <number>", "uniform starts, from --seed on").argParser(seeds).default(64))
    .addOption(
      new Option("--threshold <number>", "cosine from which a pair has met")
        .argParser(number("--threshold"))
        .default(0.999),
    )
    .addOption(new Option("--params <file>", "parameters as JSON or .safetensors, where the dynamics reads them"))
    .addOption(new Option("--rtol <number>", "tolerance of the integrator (default: 5e-6)").argParser(number("--rtol")))
    .addOption(
      new Option("--engine <name>", "where velocities are computed").choices(["auto", "ts", "ort"]).default("auto"),
    );
  addSweepWork(command);
}

/** How a sweep computes. */
export function addSweepWork(command: Command): void {
  command
    .addOption(
      new Option(
        "--precision <name>",
        "of a sweep: float32 goes by whole steps on ONNX Runtime; float64 measures every pair at every time",
      ).choices(["float32", "float64"]),
    )
    .addOption(
      new Option("--workers <number>", "processes that share a sweep (default: one a core)").argParser(
        integer("--workers", 1),
      ),
    );
}

/** Where a run is written; `description` says what lands there. */
export function addOut(command: Command, description: string): void {
  command.addOption(new Option("--out <folder>", description));
  command.addOption(new Option("--force", "replace an earlier run in that folder"));
}

/** What is measured beside the layers: resid_mid and attention. */
export function addExtras(command: Command): void {
  command
    .addOption(
      new Option(
        "--resid-mid",
        "measure the stream between attention and MLP too (metrics-mid.csv; --save-states keeps it)",
      ),
    )
    .addOption(
      new Option(
        "--attentions",
        "measure attention too: entropy of its rows, slope of log attention against inner product (attention.csv; --save-states keeps the probabilities)",
      ),
    );
}

/** Whether states are kept. */
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

/** Windows as `N`, `N:OVERLAP`, `max` or `max:OVERLAP`. */
function parseChunk(text: string): ChunkPolicy {
  const [, size, overlap = "0"] = /^(\d{1,9}|max)(?::(\d{1,9}))?$/.exec(text.trim()) ?? [];
  if (size === undefined || size === "0") {
    throw new InvalidArgumentError("--chunk wants tokens a window and, after a colon, of overlap: 512:64, max.");
  }
  return { size: size === "max" ? null : Number(size), overlap: Number(overlap) };
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
