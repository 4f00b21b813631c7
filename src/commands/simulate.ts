import { DYNAMICS } from "../../sim/dynamics/dynamics-table.ts";
import { memberNamed } from "../../sim/dynamics/member-named.ts";
import { out } from "../command-line/common.ts";
import { defineCommand } from "../command-line/define-command.ts";
import { required } from "../command-line/required.ts";
import { SIMULATE, SIMULATE_CONFLICTS } from "../options/simulate.ts";

export const simulate = defineCommand({
  name: "simulate",
  about: "integrate SA, USA and their variants on the sphere: the flow, with noise, in layers, or a sweep over beta",
  examples: [
    "tokensphere simulate --dynamics sa --beta 4 --n 32 --d 3 --times 0,1,2,5,10",
    "tokensphere simulate --dynamics usa --beta 1 --init start.npy --times 0:0.1:2 --json --states",
    "tokensphere simulate --dynamics sa --beta 4 --n 32 --d 8 --times 0:5:1000 --until mean-cosine=0.999",
    "tokensphere simulate --dynamics sa --beta 0 --n 1000 --d 2 --noise 4 --step 0.01 --paths 16 --times 0:2:20",
    "tokensphere simulate --dynamics sa_layers --params random --beta 4 --n 32 --d 16 --layer-steps 24 --step 0.2",
    "tokensphere simulate --sweep --dynamics sa --n 32 --d 2 --betas 1:1:9 --times 0:0.5:30 --seeds 64",
    "tokensphere simulate --plugin ./mine.mjs --dynamics my_dynamics --parameter radius=0.5 --beta 1 --n 32 --d 3 --times 0:1:10",
  ],
  options: [
    ...SIMULATE,
    ...out("folder for simulation.json, or for a sweep's table and figure (default: nothing is written)"),
  ],
  conflicts: SIMULATE_CONFLICTS,
  // --sweep ──▶ sweep      --layer-steps ──▶ layers beside the flow      --noise ──▶ noisy paths      none ──▶ the flow
  run: (options) => {
    if (options.sweep) {
      const grid = required(SIMULATE, options, ["n", "d", "betas", "times"]);
      return async (effects) => (await import("../simulations/sweep.ts")).sweepCommand(effects, grid);
    }
    const one = required(SIMULATE, { ...options, beta: options.beta ?? anyBeta(options.dynamics) }, ["beta"]);
    if (one.layerSteps !== undefined) {
      const why = "--step: missing. --layer-steps wants the factor of the residual branch";
      const layered = required(SIMULATE, one, ["layerSteps", "step"], why);
      return async (effects) => (await import("../simulations/layers.ts")).simulateLayersCommand(effects, layered);
    }
    const timed = required(SIMULATE, one, ["times"]);
    if (timed.noise === undefined)
      return async (effects) => (await import("../simulations/flow.ts")).simulateCommand(effects, timed);
    const why = "--step: missing. --noise takes fixed steps, such as --step 0.01";
    const noisy = required(SIMULATE, timed, ["noise", "step"], why);
    return async (effects) => (await import("../simulations/noisy.ts")).simulateNoisyCommand(effects, noisy);
  },
});

/** What stands for β where a dynamics reads none. */
function anyBeta(dynamics: string): number | undefined {
  return memberNamed(Object.values(DYNAMICS), dynamics)?.readsBeta === false ? 1 : undefined;
}
