import { defineCommand } from "../../command-line/define-command.ts";
import { CONTEXTS } from "../../options/theory.ts";

export const contexts = defineCommand({
  name: "contexts",
  about: "attention layers over n and gamma, beta = gamma log n: exact, simulated at d of order log n, repeated",
  examples: ["tokensphere theory contexts --rho 0.5 --sizes 64,1024 --gammas 1,2,3 --layers 4"],
  options: CONTEXTS,
  run: (options) => async (effects) => (await import("../../theory/contexts.ts")).theoryContexts(effects, options),
});
