import { defineCommand } from "../../command-line/define-command.ts";
import { STATIONARY } from "../../options/theory.ts";

export const stationary = defineCommand({
  name: "stationary",
  about: "how ordered n tokens are at rest under noise at beta = 0, exactly",
  examples: ["tokensphere theory stationary --kappa 2 --sizes 10,100,1000"],
  options: STATIONARY,
  run: (options) => async (effects) => (await import("../../theory/noise.ts")).theoryStationary(effects, options),
});
