import { defineCommand } from "../../command-line/define-command.ts";
import { GROWTH } from "../../options/theory.ts";

export const growth = defineCommand({
  name: "growth",
  about: "growth rates of perturbations of the uniform cloud",
  examples: ["tokensphere theory growth --d 2 --beta 5 --kmax 10"],
  options: GROWTH,
  run: (options) => async (effects) => (await import("../../theory/values.ts")).theoryGrowth(effects, options),
});
