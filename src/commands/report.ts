import { out } from "../command-line/common.ts";
import { defineCommand } from "../command-line/define-command.ts";

export const report = defineCommand({
  name: "report",
  about: "draw the figures and the report of a run again, from its files",
  examples: ["tokensphere report runs/ishmael"],
  argument: {
    usage: "[run]",
    about: "a run folder written by probe, fit or compare (default: the newest under runs/)",
  },
  options: [...out("folder for the new figures and report.html (default: the run folder)")],
  run: (options, run) => async (effects) => (await import("../study/report.ts")).reportCommand(effects, run, options),
});
