import { defineCommand } from "../../command-line/define-command.ts";
import { REWEIGHTING } from "../../options/theory.ts";

export const reweighting = defineCommand({
  name: "reweighting",
  about: "how long one of two antipodal clusters takes the mass of the other",
  examples: ["tokensphere theory reweighting --beta 2 --mass 0.6 --end-mass 0.99"],
  options: REWEIGHTING,
  run: (options) => async (effects) => (await import("../../theory/values.ts")).theoryReweighting(effects, options),
});
