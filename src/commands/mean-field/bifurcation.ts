import { out } from "../../command-line/common.ts";
import { defineCommand } from "../../command-line/define-command.ts";
import { BIFURCATION } from "../../options/densities.ts";

export const bifurcation = defineCommand({
  name: "bifurcation",
  about: "densities at rest under noise, stable or not, over its inverse temperature",
  examples: [
    "tokensphere mean-field bifurcation --dynamics usa --beta 5 --kappas 0.15:0.005:0.3 --out runs/bifurcation",
  ],
  options: [...BIFURCATION, ...out("folder for the numbers and figures (default: nothing is written)")],
  run: (options) => async (effects) =>
    (await import("../../densities/bifurcation.ts")).bifurcationCommand(effects, options),
});
