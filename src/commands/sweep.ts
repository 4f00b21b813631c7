import { out } from "../command-line/common.ts";
import { defineCommand } from "../command-line/define-command.ts";
import { SWEEP } from "../options/sweep.ts";

export const sweep = defineCommand({
  name: "sweep",
  about: "a phase diagram: beta, time and many uniform starts, with statistics kept",
  examples: [
    "tokensphere sweep --dynamics sa --n 32 --d 2 --betas 0.1..9/90 --times 0..30/200 --seeds 64 --out runs/d2",
    "tokensphere sweep --plugin ./mine.mjs --dynamics my_dynamics --parameter radius=0.5 --n 16 --d 3 --betas 1 --times 0:1:20",
  ],
  options: [
    ...SWEEP,
    ...out("folder for sweep.csv and its figure; an interrupted sweep goes on there (default: nothing is written)"),
  ],
  run: (options) => async (effects) => (await import("../simulations/sweep.ts")).sweepCommand(effects, options),
});
