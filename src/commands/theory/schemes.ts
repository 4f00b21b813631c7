import { out } from "../../command-line/common.ts";
import { defineCommand } from "../../command-line/define-command.ts";
import { RANDOM_LAYERS } from "../../options/theory.ts";

export const schemes = defineCommand({
  name: "schemes",
  about:
    "transformers with random weights by layer: mean cosine of all six normalizations, with copies and a 90 % band",
  examples: [
    "tokensphere theory schemes --n 128 --d 512 --layers 24 --copies 10 --out runs/schemes",
    "tokensphere theory schemes --n 64 --d 256 --mlp 1024",
  ],
  options: [...RANDOM_LAYERS, ...out("folder for the numbers and the figure (default: nothing is written)")],
  run: (options) => async (effects) => (await import("../../theory/schemes.ts")).theorySchemes(effects, options),
});
