import { defineCommand } from "../../command-line/define-command.ts";
import { CLUSTERS } from "../../options/theory.ts";

export const clusters = defineCommand({
  name: "clusters",
  about: "lifetime of two clusters",
  examples: ["tokensphere theory clusters --beta 9 --phi0 1 --phi1 0.01"],
  options: CLUSTERS,
  run: (options) => async (effects) => (await import("../../theory/values.ts")).theoryClusters(effects, options),
});
