import { Option } from "@commander-js/extra-typings";
import { NOISES } from "../../sim/integrators/noises.ts";
import { METHODS } from "../../sim/methods/methods.ts";
import type { Conflict } from "../command-line/conflicts.ts";
import { namesOf } from "../command-line/names-of.ts";
import { numberOption, numbersOption, wholeOption } from "../command-line/number-options.ts";
import type { OptionsOf } from "../command-line/options-of.ts";
import { EVENTS } from "./events.ts";
import { beta, betas, method, noise, step, times, timeUnit, tokens, width } from "./quantities.ts";
import { ENGINE, EQUATION, params, STATISTICS } from "./sweep.ts";

/** Equation, start, times and solver of a simulation, and what it does beside following the flow: noisy paths, layers, sweeps. */
export const SIMULATE = [
  ...EQUATION,
  params("; `random`: new Q, K, V in each layer"),
  beta(),
  new Option("--init <file>", "start: JSON [[…], …], .npy or .safetensors; rows are brought to length 1"),
  new Option("--tensor <name>", "which tensor of a .safetensors start"),
  numbersOption("--angles <list>", "start on the circle: angles in radians, 0.1,1,2.3"),
  tokens("tokens of a uniform start", 1),
  width("width of a uniform start", 1),
  numberOption("--cap <radians>", "draw it within this angle of the first axis: below pi/2 in an open hemisphere"),
  times(),
  timeUnit(),
  new Option("--states", "report every token's coordinates too, and at d = 2 its angle"),
  new Option("--attention", "report the attention matrix of every head at each time too"),
  method("integrator: tsit5 and dop853 are adaptive, the others need --step")
    .choices(namesOf(METHODS))
    .default("tsit5"),
  step("step of a fixed-step method, of the noise or of a layer"),
  ...ENGINE,
  wholeOption("--max-steps <number>", "steps after which a run is given up (default: 100000)", 1),
  ...EVENTS,
  noise("inverse temperature of noise: dX = v dt + sqrt(2/kappa) dW, steps of --step"),
  new Option(
    "--noise-kind <name>",
    "common: one for all tokens; anisotropic: of --strengths; multiplicative: of the field",
  )
    .choices(namesOf(NOISES))
    .default("isotropic"),
  numbersOption("--strengths <list>", "of anisotropic noise: d numbers, along each coordinate"),
  numberOption("--passage <cosine>", "of noisy paths: when all tokens first lie within this of each other, of --times"),
  wholeOption("--paths <number>", "noisy paths, of which statistics are told", 1).default(1),
  wholeOption("--layer-steps <number>", "residual layers x + step A(x), as a transformer has them, beside the flow", 1),
  new Option("--sweep", "a phase diagram over --betas, --times and --seeds, as the command sweep"),
  betas(),
  ...STATISTICS,
] as const;

export type SimulateOptions = OptionsOf<typeof SIMULATE>;

/** Flags of one way to simulate are refused in the others. */
export const SIMULATE_CONFLICTS: readonly Conflict<keyof SimulateOptions>[] = [
  {
    flags: [
      ...(["beta", "init", "tensor", "angles", "cap", "states", "attention", "step", "noise", "paths"] as const),
      ...(["layerSteps", "event", "until", "maxSteps", "timeUnit"] as const),
    ],
    with: ["sweep"],
    says: "{flag}: not with --sweep. leave one of them out",
  },
  {
    flags: ["method"],
    except: "tsit5",
    with: ["sweep"],
    says: "--method: {value}. a sweep has tsit5: set its accuracy by --rtol",
  },
  {
    flags: ["betas", "seeds", "threshold", "precision", "workers"],
    without: ["sweep"],
    says: "{flag}: wants --sweep. add it, or leave this out",
  },
  {
    flags: ["init"],
    with: ["n", "d", "cap"],
    says: "--init and --n/--d: both say how the cloud starts. give one of them",
  },
  {
    flags: ["angles"],
    with: ["init", "n", "d", "cap"],
    says: "--angles: says how the cloud starts, as --init and --n/--d do. give one of them",
  },
  {
    flags: ["attention"],
    with: ["layerSteps", "noise"],
    says: "--attention: is told of the flow only. leave one of them out",
  },
  {
    flags: ["noise", "paths", "event", "until", "maxSteps", "plugin", "timeUnit"],
    with: ["layerSteps"],
    says: "{flag}: not with --layer-steps. leave one of them out",
  },
  {
    flags: ["times"],
    with: ["layerSteps"],
    says: "--times: not with --layer-steps. layer l lies at time l · step",
  },
  {
    flags: ["method"],
    except: "tsit5",
    with: ["layerSteps"],
    says: "--method: {value}. with --layer-steps the flow has tsit5",
  },
  {
    flags: ["paths", "strengths", "passage"],
    without: ["noise"],
    says: "{flag}: wants --noise. add it, or leave this out",
  },
  {
    flags: ["noiseKind"],
    except: "isotropic",
    without: ["noise"],
    says: "--noise-kind: wants --noise. add it, or leave this out",
  },
  {
    flags: ["event", "until", "maxSteps", "timeUnit"],
    with: ["noise"],
    says: "{flag}: not with --noise. leave one of them out",
  },
  { flags: ["states"], with: ["noise"], says: "--states: not with --noise. give statistics only" },
  { flags: ["rtol"], with: ["noise"], says: "--rtol: not with --noise. its steps are fixed: make --step smaller" },
  {
    flags: ["method"],
    except: "tsit5",
    with: ["noise"],
    says: "--method: {value}. with --noise the steps are Euler and Maruyama's",
  },
];
