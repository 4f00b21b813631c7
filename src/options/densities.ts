import { Option } from "@commander-js/extra-typings";
import type { Conflict } from "../command-line/conflicts.ts";
import { numberOption, wholeOption } from "../command-line/number-options.ts";
import type { OptionsOf } from "../command-line/options-of.ts";
import { repeatedOption } from "../command-line/repeated-option.ts";
import { DENSITY_FORMS } from "./parse-density.ts";
import { beta, noise, plainDynamics, step, times } from "./quantities.ts";

/** The equation: which attention, β. */
const EQUATION = [plainDynamics(), beta().makeOptionMandatory()] as const;

/** The start, the noise and the resolution of a density. */
const DENSITY = [
  ...EQUATION,
  noise("inverse temperature of noise (default: none)"),
  repeatedOption(
    "--start <density>",
    `${DENSITY_FORMS}; given more than once: mixed in equal parts`,
  ).makeOptionMandatory(),
  wholeOption("--modes <number>", "Fourier modes", 1).default(128),
  step("longest step of noisy particles (default: 0.01 of the last time)"),
] as const;

export type DensityOptions = OptionsOf<typeof DENSITY>;

export const DENSITY_CONFLICTS: readonly Conflict<keyof DensityOptions>[] = [
  { flags: ["step"], without: ["noise"], says: "--step: wants --noise. without it steps choose themselves" },
];

/** A density along time. */
export const EVOLVE = [
  ...DENSITY,
  times().makeOptionMandatory(),
  wholeOption("--particles <number>", "tokens drawn from the start and moved beside the density", 1),
] as const;

export type EvolveOptions = OptionsOf<typeof EVOLVE>;

/** Densities at rest. */
export const BIFURCATION = [
  ...EQUATION,
  new Option("--kappas <list>", "inverse temperatures of noise: 1,2,5 or start:step:end").makeOptionMandatory(),
  wholeOption("--peaks <number>", "peaks of the densities", 1).default(1),
] as const;

export type BifurcationOptions = OptionsOf<typeof BIFURCATION>;

/** Tokens beside a density at one time. */
export const CHAOS = [
  ...DENSITY,
  numberOption("--time <number>", "when tokens and density are compared").makeOptionMandatory(),
  new Option("--sizes <list>", "numbers of tokens: 100,1000,10000").default("100,316,1000,3162,10000"),
  wholeOption("--copies <number>", "independent draws of each size", 1).default(16),
] as const;

export type ChaosOptions = OptionsOf<typeof CHAOS>;
