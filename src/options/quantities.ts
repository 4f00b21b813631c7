import { Option } from "@commander-js/extra-typings";
import { numberOption, wholeOption } from "../command-line/number-options.ts";

// Flags that several commands have, each wanting some of them: new options at every call, so that a command may make its own mandatory.

/** Which equation of motion moves the tokens. */
export const dynamics = (about: string) => new Option("--dynamics <name>", about);

/** The two dynamics that theory knows. */
export const plainDynamics = () => dynamics("equation of motion").choices(["sa", "usa"]).default("sa");

/** β. */
export const beta = () => numberOption("--beta <number>", "inverse temperature");

/** Many of them. */
export const betas = () =>
  new Option("--betas <list>", "inverse temperatures: 1,2,5 or start:step:end or first..last/count");

/** Tokens. */
export const tokens = (about: string, least: number) => wholeOption("--n <number>", about, least);

/** Coordinates of a token. */
export const width = (about: string, least: number) => wholeOption("--d <number>", about, least);

/** κ. */
export const noise = (about: string) => numberOption("--noise <kappa>", about);

/** Δt. */
export const step = (about: string) => numberOption("--step <number>", about);

/** The unit that times are given and told in. */
export const timeUnit = () =>
  new Option("--time-unit <unit>", "exp: times are e^beta t, in which the rates of usa stay of order 1")
    .choices(["one", "exp"] as const)
    .default("one" as const);

/** When something is told: read by `parseTimes`. */
export const times = () =>
  new Option("--times <list>", "times to report: 0,0.5,1 or start:step:end or 0..30/200 or 1e-2..1e40/43/log");

export const kmax = (about: string) => wholeOption("--kmax <number>", about, 1);
export const sizes = (about: string) => new Option("--sizes <list>", about);
export const alpha = (about: string) => numberOption("--alpha <number>", about);
export const mass = (about: string) => numberOption("--mass <number>", about);
export const phi0 = (about: string) => numberOption("--phi0 <number>", about);
export const phi1 = (about: string) => numberOption("--phi1 <number>", about);
export const method = (about: string) => new Option("--method <name>", about);
export const rho = (about: string) => numberOption("--rho <number>", about);
export const tau = () => numberOption("--tau <number>", "when Mix-LN turns from Post- to Pre-LN (default: 1)");
export const layers = () => wholeOption("--layers <number>", "layers one after the other", 1);
export const copies = (about: string) => wholeOption("--copies <number>", about, 1);
