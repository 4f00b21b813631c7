import { defineCommand } from "../../command-line/define-command.ts";
import { COMMON_NOISE } from "../../options/theory.ts";

export const commonNoise = defineCommand({
  name: "common-noise",
  about: "how one noise for all tokens pulls them together",
  examples: ["tokensphere theory common-noise --d 2 --sigma 0.3"],
  options: COMMON_NOISE,
  run: (options) => async (effects) => (await import("../../theory/noise.ts")).theoryCommonNoise(effects, options),
});
