import { out } from "../../command-line/common.ts";
import { defineCommand } from "../../command-line/define-command.ts";
import { CHAOS, DENSITY_CONFLICTS, withModes } from "../../options/densities.ts";

export const chaos = defineCommand({
  name: "chaos",
  about: "W1 between tokens and the density they follow, as their number grows",
  examples: [
    "tokensphere mean-field chaos --beta 2 --start normal:0:1 --time 0.8 --sizes 100,1000,10000 --out runs/chaos",
  ],
  options: [...CHAOS, ...out("folder for the numbers and figures (default: nothing is written)")],
  conflicts: DENSITY_CONFLICTS,
  run: (options) => async (effects) =>
    (await import("../../densities/chaos.ts")).chaosCommand(effects, withModes(options)),
});
