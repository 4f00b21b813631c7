import { defineCommand } from "../../command-line/define-command.ts";
import { CRITICAL_NOISE } from "../../options/theory.ts";

export const noise = defineCommand({
  name: "noise",
  about: "critical noise of the uniform state",
  examples: ["tokensphere theory noise --d 2 --beta 1"],
  options: CRITICAL_NOISE,
  run: (options) => async (effects) => (await import("../../theory/noise.ts")).theoryNoise(effects, options),
});
