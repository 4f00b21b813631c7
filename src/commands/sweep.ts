import { out } from "../command-line/common.ts";
import { defineCommand } from "../command-line/define-command.ts";
import { required } from "../command-line/required.ts";
import { PARQUET } from "../options/parquet.ts";
import { SWEEP, SWEEP_CONFLICTS } from "../options/sweep.ts";

export const sweep = defineCommand({
  name: "sweep",
  about: "a phase diagram: beta, time and many uniform starts, with statistics kept",
  examples: [
    "tokensphere sweep --dynamics sa --n 32 --d 2 --betas 0.1..9/90 --times 0..30/200 --seeds 64 --out runs/d2",
    "tokensphere sweep --clusters 0.9,0.999 --dynamics sa --n 16 --d 3 --betas 1,4,9 --times 0,10,100,1000 --seeds 50",
    "tokensphere sweep --plugin ./mine.mjs --dynamics my_dynamics --parameter radius=0.5 --n 16 --d 3 --betas 1 --times 0:1:20",
  ],
  options: [
    ...SWEEP,
    ...PARQUET,
    ...out(
      "folder for sweep.csv, with --clusters clusters.json, and its figure, where an interrupted sweep goes on (default: nothing is written)",
    ),
  ],
  conflicts: SWEEP_CONFLICTS,
  run: (options) => {
    if (options.clusters === undefined)
      return async (effects) => (await import("../simulations/sweep.ts")).sweepCommand(effects, options);
    const counted = required(SWEEP, options, ["clusters"]);
    return async (effects) => (await import("../simulations/census.ts")).censusCommand(effects, counted);
  },
});
