import { defineCommand } from "../../command-line/define-command.ts";
import { EQUIANGULAR } from "../../options/theory.ts";

export const equiangular = defineCommand({
  name: "equiangular",
  about: "inner product of an equiangular cloud along time",
  examples: ["tokensphere theory equiangular --n 32 --beta 4 --rho0 0 --times 0,1,5,10"],
  options: EQUIANGULAR,
  run: (options) => async (effects) => (await import("../../theory/values.ts")).theoryEquiangular(effects, options),
});
