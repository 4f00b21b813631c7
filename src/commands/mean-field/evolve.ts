import { out } from "../../command-line/common.ts";
import { defineCommand } from "../../command-line/define-command.ts";
import { DENSITY_CONFLICTS, EVOLVE, withModes } from "../../options/densities.ts";

export const evolve = defineCommand({
  name: "evolve",
  about: "the continuity equation and, with --noise, Fokker and Planck's (the part that runs where none is named)",
  examples: [
    "tokensphere mean-field --beta 5 --start uniform:0.01:3 --times 0:0.5:12 --out runs/density",
    "tokensphere mean-field --beta 2 --start normal:0:1 --noise 5 --times 0,0.5,1 --particles 1000",
  ],
  options: [...EVOLVE, ...out("folder for the numbers and figures (default: nothing is written)")],
  conflicts: DENSITY_CONFLICTS,
  run: (options) => async (effects) =>
    (await import("../../densities/evolve.ts")).meanFieldCommand(effects, withModes(options)),
});
