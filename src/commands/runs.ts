import { defineCommand } from "../command-line/define-command.ts";
import { OPEN } from "../options/named.ts";

export const runs = defineCommand({
  name: "runs",
  about:
    "list the runs of a folder: what was measured, mean cosine by layer, conclusion and beta; with --open as a page",
  examples: ["tokensphere runs", "tokensphere runs --open", "tokensphere runs ~/paper/runs --json"],
  argument: { usage: "[folder]", about: "the folder that holds runs (default: runs)" },
  options: [...OPEN],
  run: (options, folder) => async (effects) =>
    (await import("../collection/list-runs.ts")).runsCommand(effects, folder, options),
});
