import { defineCommand } from "../../command-line/define-command.ts";
import { GROWTH } from "../../options/theory.ts";

export const growth = defineCommand({
  name: "growth",
  about: "growth rates of perturbations of the uniform cloud",
  examples: [
    "tokensphere theory growth --d 2 --beta 5 --kmax 10",
    "tokensphere theory growth --d 2 --beta 4 --kernel krause --radius 0.8",
    "tokensphere theory growth --d 3 --kernel heads --heads 9:1,2:-0.5",
  ],
  options: GROWTH,
  run: (options) => async (effects) => (await import("../../theory/linear.ts")).theoryGrowth(effects, options),
});
