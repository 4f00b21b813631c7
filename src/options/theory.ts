import { Option } from "@commander-js/extra-typings";
import { SCHEMES } from "../../sim/theory/equiangular.ts";
import type { CommonOptions } from "../command-line/common.ts";
import { numberOption, wholeOption } from "../command-line/number-options.ts";
import type { AnyOption, OptionsOf } from "../command-line/options-of.ts";
import { beta, plainDynamics, times, tokens, width } from "./quantities.ts";

// Numbers of the theory by their names in the papers, all of them needed.
const BETA = beta().makeOptionMandatory();
const D = width("dimension, 2 or more", 2).makeOptionMandatory();
const N = tokens("tokens, 2 or more", 2).makeOptionMandatory();

export const GROWTH = [D, BETA, wholeOption("--kmax <number>", "how many rates", 1).default(20)] as const;

export const EQUIANGULAR = [
  N,
  BETA,
  numberOption("--rho0 <number>", "inner product at time 0").makeOptionMandatory(),
  times().makeOptionMandatory(),
  new Option("--scheme <name>", "normalisation").choices(SCHEMES).default("post"),
  plainDynamics(),
  numberOption("--alpha <number>", "step factor of nGPT (default: 1)"),
  numberOption("--tau <number>", "when Mix-LN turns from Post- to Pre-LN (default: 1)"),
] as const;

export const LONG_CONTEXT = [
  N,
  numberOption("--rho <number>", "inner product, 0 to 1").makeOptionMandatory(),
  numberOption("--gamma <number>", "beta = gamma log n").makeOptionMandatory(),
] as const;

export const CRITICAL_NOISE = [D, BETA] as const;

export const CLUSTERS = [
  BETA,
  numberOption("--phi0 <number>", "angle at the start, in radians").makeOptionMandatory(),
  numberOption("--phi1 <number>", "angle at the end, in radians").makeOptionMandatory(),
  plainDynamics(),
  numberOption("--mass <number>", "mass of the first of the two, of 1 in all").default(0.5),
] as const;

/** What a part of `theory` is given. */
export type TheoryOptions<Options extends readonly AnyOption[]> = OptionsOf<Options> & CommonOptions;
