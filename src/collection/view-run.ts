import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { oneStop, TokensphereError } from "../../models/errors.ts";
import type { CommonOptions } from "../command-line/common.ts";
import type { Effects } from "../effects/effects.ts";
import { tellPage } from "../effects/tell-page.ts";
import { readFormat } from "../formats/read-format.ts";
import { RUN } from "../formats/run-formats.ts";
import { hasHash } from "../run/check-run-files.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { isRun, meantRun } from "./meant-run.ts";

/** Pages that a folder may have, the first of them is shown. */
const PAGES = [RUN_FILES.report, RUN_FILES.comparison, "index.html"];

/** Shows the page of a run, or says where it lies. */
export async function viewCommand(effects: Effects, named: string | undefined, options: CommonOptions): Promise<void> {
  const folder = meantRun(effects.cwd, named);
  const page = PAGES.map((name) => join(folder, name)).find(existsSync);
  if (page === undefined) {
    const what = isRun(folder) ? `no page: ${folder}` : `no run: ${folder}`;
    const remedy = isRun(folder) ? "`tokensphere report` draws it" : "`tokensphere runs` lists those that are there";
    throw new TokensphereError("input", `${what}. ${remedy}`);
  }
  const why = changedPage(folder, basename(page));
  if (why !== null) effects.say(oneStop(`warning: ${page}: ${why}. \`tokensphere report\` draws it again`));
  if (!options.json) return tellPage(effects, page, true);
  effects.print(JSON.stringify({ page, shown: await effects.openPage(page) }));
}

/** What is wrong with the page of a run; null where nothing is, or it is no run's. */
function changedPage(folder: string, page: string): string | null {
  if (!isRun(folder)) return null;
  try {
    const sha256 = readFormat(RUN, join(folder, RUN_FILES.manifest)).files[page];
    return sha256 === undefined || hasHash(join(folder, page), sha256) ? null : "not the page that the run wrote";
  } catch (error) {
    if (error instanceof TokensphereError) return error.message.replace(/\. [^.]*$/, "");
    throw error;
  }
}
