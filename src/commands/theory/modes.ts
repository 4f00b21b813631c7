import { defineCommand } from "../../command-line/define-command.ts";
import { MODES } from "../../options/theory.ts";

export const modes = defineCommand({
  name: "modes",
  about: "modes of the kernel density of random samples: how many clusters mean shift leaves, by beta",
  examples: [
    "tokensphere theory modes --betas 4,16,64,256 --n 2000",
    "tokensphere theory modes --law normal --betas 300,1000,3000 --n 10000 --copies 20",
  ],
  options: MODES,
  run: (options) => async (effects) => (await import("../../theory/modes.ts")).theoryModes(effects, options),
});
