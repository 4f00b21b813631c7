import { TokensphereError } from "../../../models/errors.ts";
import type { Effects } from "../../effects/effects.ts";
import { parseTimes } from "../../options/parse-times.ts";
import type { SimulateFlags } from "./flags.ts";
import type { SimulateOptions } from "./flow.ts";

/**
 *     --sweep ──▶ sweep      --layer-steps ──▶ layers beside the flow      --noise ──▶ noisy paths      none ──▶ the flow
 *
 * Flags of one mode are refused in the others, in one line.
 */
export async function simulateModes(effects: Effects, given: SimulateFlags): Promise<void> {
  if (given.sweep) return sweepMode(effects, given);
  refuse(given, ["betas", "seeds", "threshold", "precision", "workers"], "wants --sweep. add it, or leave this out");
  const beta = required("--beta <number>", given.beta);
  const { startCloud, simulateCommand } = await import("./flow.ts");
  if (given.layerSteps !== undefined) {
    refuse(given, ["noise", "paths", "event", "until", "maxSteps"], "not with --layer-steps. leave one of them out");
    const { simulateLayersCommand } = await import("./layers.ts");
    return simulateLayersCommand(effects, () => startCloud(effects, withTimes(given, beta, "")), { ...given, beta });
  }
  const options = withTimes(given, beta, required("--times <list>", given.times));
  if (given.noise === undefined) {
    refuse(given, ["paths"], "wants --noise. add it, or leave this out");
    return simulateCommand(effects, options);
  }
  refuse(given, ["event", "until", "maxSteps"], "not with --noise. leave one of them out");
  const { simulateNoisyCommand } = await import("./noisy.ts");
  const times = parseTimes(options.times);
  return simulateNoisyCommand(effects, () => startCloud(effects, options), times, { ...given, beta });
}

async function sweepMode(effects: Effects, given: SimulateFlags): Promise<void> {
  const others = [
    "beta",
    "init",
    "tensor",
    "states",
    "step",
    "noise",
    "paths",
    "layerSteps",
    "event",
    "until",
    "maxSteps",
  ] as const;
  refuse(given, others, "not with --sweep. leave one of them out");
  if (given.method !== "tsit5")
    throw new TokensphereError("usage", `--method: ${given.method}. a sweep has tsit5: set its accuracy by --rtol`);
  const { betas, times, n, d, seeds = 64, threshold = 0.999 } = given;
  const needed = {
    n: required("--n <number>", n),
    d: required("--d <number>", d),
    betas: required("--betas <list>", betas),
    times: required("--times <list>", times),
  };
  return (await import("../sweep.ts")).sweepCommand(effects, { ...given, ...needed, seeds, threshold });
}

function withTimes(given: SimulateFlags, beta: number, times: string): SimulateOptions {
  return { ...given, beta, times };
}

/** The command line has checked it (see mode-options.ts). */
function required<T>(flag: string, value: T | undefined): T {
  if (value === undefined) throw new TokensphereError("usage", `required option '${flag}' not specified`);
  return value;
}

function refuse(given: SimulateFlags, names: readonly (keyof SimulateFlags)[], reason: string): void {
  const name = names.find((one) => given[one] !== undefined);
  if (name === undefined) return;
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new TokensphereError("usage", `--${flag}: ${reason}`);
}
