import { out } from "../command-line/common.ts";
import { defineCommand } from "../command-line/define-command.ts";
import { refuseBeside, SIDE_BY_SIDE } from "../command-line/refuse-beside.ts";
import { OPEN } from "../options/named.ts";
import { PARQUET } from "../options/parquet.ts";

export const report = defineCommand({
  name: "report",
  about:
    "draw the figures and the report of a run again, from its files; of several runs a page that puts them side by side",
  examples: [
    "tokensphere report runs/ishmael",
    "tokensphere report runs/ishmael --parquet",
    "tokensphere report runs/ishmael runs/essay --open",
  ],
  argument: {
    usage: "[run...]",
    about: "run folders written by probe, fit or compare, or their names under runs/ (default: the newest there)",
  },
  options: [
    ...out(
      "folder for the new figures and report.html (default: the run folder; of several runs a new one under runs/)",
    ),
    ...PARQUET,
    ...OPEN,
  ],
  run: (options, runs, command) => {
    if (runs.length > 1) refuseBeside(command, SIDE_BY_SIDE, "runs side by side");
    return async (effects) =>
      runs.length <= 1
        ? (await import("../study/report.ts")).reportCommand(effects, runs[0], options)
        : (await import("../collection/compare-runs.ts")).compareRunsCommand(effects, runs, options);
  },
});
