import { defineCommand } from "../../command-line/define-command.ts";
import { RINGS } from "../../options/theory.ts";

export const rings = defineCommand({
  name: "rings",
  about: "how fast k equal clusters round the circle leave their places",
  examples: ["tokensphere theory rings --k 3 --beta 4"],
  options: RINGS,
  run: (options) => async (effects) => (await import("../../theory/linear.ts")).theoryRings(effects, options),
});
