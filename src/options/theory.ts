import { Option } from "@commander-js/extra-typings";
import { InvalidArgumentError } from "commander";
import { z } from "zod";
import { SCHEMES } from "../../sim/theory/equiangular.ts";
import type { PlainHead } from "../../sim/theory/kernel-growth.ts";
import { KERNELS } from "../../sim/theory/kernels.ts";
import type { CommonOptions } from "../command-line/common.ts";
import { namesOf } from "../command-line/names-of.ts";
import { numberOption, numbersOption, parseNumbers, wholeOption } from "../command-line/number-options.ts";
import type { AnyOption, OptionsOf } from "../command-line/options-of.ts";
import {
  alpha,
  beta,
  betas,
  copies,
  kmax,
  layers,
  mass,
  phi0,
  phi1,
  plainDynamics,
  rho,
  sizes,
  step,
  tau,
  times,
  timeUnit,
  tokens,
  width,
} from "./quantities.ts";

// Numbers of the theory by their names in the papers, all of them needed.
const BETA = beta().makeOptionMandatory();
const D = width("dimension, 2 or more", 2).makeOptionMandatory();
const N = tokens("tokens, 2 or more", 2).makeOptionMandatory();

export const GROWTH = [
  D,
  beta(),
  kmax("how many rates").default(20),
  new Option("--kernel <name>", "attention whose uniform cloud is disturbed")
    .choices(namesOf(KERNELS))
    .default("plain"),
  alpha("rotation: QᵀK turns by this angle, at d = 2"),
  numberOption("--radius <number>", "krause: tokens see each other within this angle"),
  new Option("--heads <list>", "heads: beta and V of each as b:c,b:c …, V = c I").argParser(parseHeads),
] as const;

/** Rings of clusters. */
export const RINGS = [wholeOption("--k <number>", "clusters on the circle", 1).makeOptionMandatory(), BETA] as const;

/** κ, wanted. */
const KAPPA = numberOption("--kappa <number>", "inverse temperature of the noise").makeOptionMandatory();

/** Two tokens under noise. */
export const PAIR = [
  BETA,
  KAPPA,
  plainDynamics(),
  width("dimension, 2 or more", 2).default(2),
  phi0("angle from which they start (default: pi)"),
  phi1("angle at which they have met").default(0.5),
  numbersOption("--tokens <list>", "clusters of so many tokens each in their place: 10,30"),
] as const;

/** n tokens at rest under noise, β = 0. */
export const STATIONARY = [
  KAPPA,
  width("dimension, 2 or more", 2).default(2),
  sizes("numbers of tokens: 2,10,100")
    .argParser((text) => parseNumbers(text, "--sizes"))
    .default([2, 10, 100, 1000, 10000]),
] as const;

/** Noise that is not the same in all directions, β = 0, d = 2. */
export const ANISOTROPIC = [
  numberOption("--s1 <number>", "covariance of the noise along the first axis").makeOptionMandatory(),
  numberOption("--s2 <number>", "covariance of the noise along the second axis").makeOptionMandatory(),
  numbersOption("--taus <list>", "scales of the noise at which orders are told").default([0.5]),
] as const;

/** One noise for all tokens. */
export const COMMON_NOISE = [
  D,
  numberOption("--sigma <number>", "strength of the noise, 0 or above").makeOptionMandatory(),
  beta().default(0),
] as const;

/** Two clusters at rest that exchange mass. */
export const REWEIGHTING = [
  BETA,
  numberOption("--lambda <number>", "rate of reweighting").default(1),
  mass("mass of the larger at the start, above 0.5").makeOptionMandatory(),
  numberOption("--end-mass <number>", "mass of it at the end, below 1").makeOptionMandatory(),
] as const;

export const EQUIANGULAR = [
  N,
  BETA,
  numberOption("--rho0 <number>", "inner product at time 0").makeOptionMandatory(),
  times().makeOptionMandatory(),
  new Option("--scheme <name>", "normalization").choices(SCHEMES).default("post"),
  plainDynamics(),
  alpha("step factor of nGPT (default: 1)"),
  tau(),
  timeUnit(),
] as const;

export const LONG_CONTEXT = [
  N,
  rho("inner product, 0 to 1").makeOptionMandatory(),
  numberOption("--gamma <number>", "beta = gamma log n").makeOptionMandatory(),
] as const;

/** Random transformers. */
export const RANDOM_LAYERS = [
  tokens("tokens, 2 or more", 2).default(128),
  width("width, 1 or more", 1).default(512),
  beta(),
  step("factor of the residual branch").default(1),
  layers().default(24),
  copies("independent starts and weights").default(10),
  alpha("step factor of nGPT (default: 1)"),
  tau(),
  wholeOption("--mlp <number>", "hidden units of an MLP after attention, usually 4 d (default: attention alone)", 1),
] as const;

/** Many contexts. */
export const CONTEXTS = [
  rho("inner product, above 0 and below 1").makeOptionMandatory(),
  sizes("numbers of tokens: 64,1024,4096").default("64,256,1024"),
  new Option("--gammas <list>", "beta = gamma log n: 1,2,3 or start:step:end").makeOptionMandatory(),
  layers().default(1),
  numberOption("--width-factor <number>", "simulated tokens have this times log n coordinates").default(8),
] as const;

/** Modes of samples. */
export const MODES = [
  betas().makeOptionMandatory(),
  tokens("points of a sample, 1 or more", 1).default(2000),
  copies("independent samples").default(50),
  new Option("--law <name>", "what is sampled: uniform on the circle, or normal on the line, the case of GRS25")
    .choices(["uniform", "normal"] as const)
    .default("uniform" as const),
] as const;

export const CRITICAL_NOISE = [D, BETA] as const;

export const CLUSTERS = [
  BETA,
  phi0("angle at the start, in radians").makeOptionMandatory(),
  phi1("angle at the end, in radians").makeOptionMandatory(),
  plainDynamics(),
  mass("mass of the first of the two, of 1 in all").default(0.5),
] as const;

/** What a part of `theory` is given. */
export type TheoryOptions<Options extends readonly AnyOption[]> = OptionsOf<Options> & CommonOptions;

/** `9:1,1:-1`, or JSON `[{"b":9,"c":1}, …]`. */
function parseHeads(text: string): readonly PlainHead[] {
  const heads = text.startsWith("[") ? fromJson(text) : text.split(",").map(fromPair);
  if (heads.length > 0 && heads.every(({ b, c }) => Number.isFinite(b) && Number.isFinite(c))) return heads;
  throw new InvalidArgumentError("--heads wants b:c,b:c …, such as 9:1,1:-1.");
}

function fromPair(text: string): PlainHead {
  const [b, c, ...rest] = text.split(":").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return { b, c: rest.length === 0 ? c : Number.NaN };
}

function fromJson(text: string): readonly PlainHead[] {
  const read = z.array(z.object({ b: z.number(), c: z.number() })).safeParse(parsed(text));
  return read.success ? read.data : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
