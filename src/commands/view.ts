import { defineCommand } from "../command-line/define-command.ts";

export const view = defineCommand({
  name: "view",
  about: "show the page of a run in the browser, or say where it lies where there is none",
  examples: ["tokensphere view", "tokensphere view runs/ishmael", "tokensphere view ishmael"],
  argument: { usage: "[run]", about: "a run's folder, or its name under runs/ (default: the newest run)" },
  options: [],
  run: (options, run) => async (effects) =>
    (await import("../collection/view-run.ts")).viewCommand(effects, run, options),
});
