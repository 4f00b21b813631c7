import { defineCommand } from "../../command-line/define-command.ts";
import { LONG_CONTEXT } from "../../options/theory.ts";

export const longContext = defineCommand({
  name: "long-context",
  about: "one attention layer on n equiangular tokens at beta = gamma log n",
  examples: ["tokensphere theory long-context --n 4096 --rho 0.5 --gamma 2"],
  options: LONG_CONTEXT,
  run: (options) => async (effects) => (await import("../../theory/values.ts")).theoryLongContext(effects, options),
});
