import { out } from "../../command-line/common.ts";
import { defineCommand } from "../../command-line/define-command.ts";
import { PHASES } from "../../options/densities.ts";

export const phases = defineCommand({
  name: "phases",
  about: "which densities are stable under noise, over beta and kappa: uniform, both, peaked",
  examples: ["tokensphere mean-field phases --dynamics usa --d 3 --betas 0.5:0.5:6 --out runs/phases"],
  options: [...PHASES, ...out("folder for the numbers and figures (default: nothing is written)")],
  run: (options) => async (effects) => (await import("../../densities/phases.ts")).phasesCommand(effects, options),
});
