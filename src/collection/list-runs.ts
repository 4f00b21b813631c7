import { join, resolve } from "node:path";
import type { CommonOptions } from "../command-line/common.ts";
import type { Effects } from "../effects/effects.ts";
import { tellPage } from "../effects/tell-page.ts";
import type { OpenOptions } from "../options/named.ts";
import { writeWhole } from "../run/write-whole.ts";
import { findRuns } from "./find-runs.ts";
import { RUNS_FOLDER } from "./meant-run.ts";
import { runsPage } from "./runs-page.ts";
import { runsTable } from "./runs-table.ts";

/** Tells the runs in a folder; with `--open` as a page there too. */
export async function runsCommand(
  effects: Effects,
  named: string | undefined,
  options: CommonOptions & OpenOptions,
): Promise<void> {
  const folder = resolve(effects.cwd, named ?? RUNS_FOLDER);
  const { runs, unreadable } = findRuns(folder);
  for (const { folder: one, why } of unreadable) effects.say(`warning: ${one} cannot be read: ${why}`);
  const page = join(folder, "index.html");
  if (options.open) writeWhole(page, runsPage(runs, folder));
  if (options.json) {
    effects.print(JSON.stringify({ folder, runs, unreadable, ...(options.open ? { page } : {}) }));
    if (options.open) await effects.openPage(page);
    return;
  }
  for (const line of runs.length === 0 ? [`no runs in ${folder}`] : runsTable(runs, effects.window.columns))
    effects.print(line);
  if (options.open) await tellPage(effects, page, true);
}
