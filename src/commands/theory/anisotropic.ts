import { defineCommand } from "../../command-line/define-command.ts";
import { ANISOTROPIC } from "../../options/theory.ts";

export const anisotropic = defineCommand({
  name: "anisotropic",
  about: "two thresholds of noise with two strengths, beta = 0 and d = 2",
  examples: ["tokensphere theory anisotropic --s1 0.3 --s2 0.6"],
  options: ANISOTROPIC,
  run: (options) => async (effects) => (await import("../../theory/noise.ts")).theoryAnisotropic(effects, options),
});
