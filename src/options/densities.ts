import { Option } from "@commander-js/extra-typings";
import type { Conflict } from "../command-line/conflicts.ts";
import { numberOption, wholeOption } from "../command-line/number-options.ts";
import type { Given, OptionsOf } from "../command-line/options-of.ts";
import { repeatedOption } from "../command-line/repeated-option.ts";
import { DENSITY_FORMS } from "./parse-density.ts";
import {
  beta,
  betas,
  copies,
  kmax,
  method,
  noise,
  plainDynamics,
  sizes,
  step,
  times,
  timeUnit,
  width,
} from "./quantities.ts";

/** The equation: which attention, β, the sphere. */
const EQUATION = [
  plainDynamics(),
  beta().makeOptionMandatory(),
  width("width: 2 the circle, above it densities about an axis", 2).default(2),
] as const;

/** The start, the noise and the resolution of a density. */
const DENSITY = [
  ...EQUATION,
  noise("inverse temperature of noise (default: none)"),
  repeatedOption(
    "--start <density>",
    `${DENSITY_FORMS}; given more than once: mixed in equal parts`,
  ).makeOptionMandatory(),
  wholeOption("--modes <number>", "Fourier modes (default: 128), Gegenbauer's where d > 2 (default: 40)", 1),
  step("longest step of noisy particles (default: 0.01 of the last time)"),
] as const;

export type DensityOptions = Given<OptionsOf<typeof DENSITY>, "modes">;

/** With as many modes as are usual in that width, where none were asked for. */
export function withModes<Options extends { readonly d: number; readonly modes?: number }>(
  options: Options,
): Options & { readonly modes: number } {
  return { ...options, modes: options.modes ?? (options.d > 2 ? 40 : 128) };
}

export const DENSITY_CONFLICTS: readonly Conflict<keyof DensityOptions>[] = [
  { flags: ["step"], without: ["noise"], says: "--step: wants --noise. without it steps choose themselves" },
];

/** A density along time. */
export const EVOLVE = [
  ...DENSITY,
  times().makeOptionMandatory(),
  wholeOption("--particles <number>", "tokens drawn from the start and moved beside the density", 1),
  method("how a density without noise goes on the circle: points of fixed mass, or modes")
    .choices(["characteristics", "modes"] as const)
    .default("characteristics" as const),
  wholeOption("--nodes <number>", "points of the characteristics (default: 2048, 512 where |beta| is above 6)", 2),
  new Option("--sign <sign>", "V = I or V = -I").choices(["1", "-1"] as const).default("1" as const),
  kmax("how many moments are told").default(6),
  wholeOption("--every <number>", "tell the moments of order K, 2K, …", 1).default(1),
  timeUnit(),
] as const;

export type EvolveOptions = Given<OptionsOf<typeof EVOLVE>, "modes">;

/** Densities at rest. */
export const BIFURCATION = [
  ...EQUATION,
  new Option("--kappas <list>", "inverse temperatures of noise: 1,2,5 or start:step:end").makeOptionMandatory(),
  wholeOption("--peaks <number>", "peaks of the densities", 1).default(1),
  kmax("how many moments of each are told").default(4),
] as const;

export type BifurcationOptions = OptionsOf<typeof BIFURCATION>;

/** Which densities are stable, over β and κ. */
export const PHASES = [
  plainDynamics(),
  width("width: 2 the circle, above it densities about an axis", 2).default(2),
  betas().makeOptionMandatory(),
] as const;

export type PhasesOptions = OptionsOf<typeof PHASES>;

/** Tokens beside a density at one time. */
export const CHAOS = [
  ...DENSITY,
  numberOption("--time <number>", "when tokens and density are compared").makeOptionMandatory(),
  sizes("numbers of tokens: 100,1000,10000").default("100,316,1000,3162,10000"),
  copies("independent draws of each size").default(16),
  wholeOption("--looks <number>", "times up to --time at which W1 is taken: the largest is told too", 1).default(1),
] as const;

export type ChaosOptions = Given<OptionsOf<typeof CHAOS>, "modes">;
