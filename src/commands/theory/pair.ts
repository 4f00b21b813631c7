import { defineCommand } from "../../command-line/define-command.ts";
import { PAIR } from "../../options/theory.ts";

export const pair = defineCommand({
  name: "pair",
  about: "two tokens under noise: how near they stay, when they meet",
  examples: ["tokensphere theory pair --dynamics usa --beta 2 --kappa 1"],
  options: PAIR,
  run: (options) => async (effects) => (await import("../../theory/noise.ts")).theoryPair(effects, options),
});
