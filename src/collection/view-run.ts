import { existsSync } from "node:fs";
import { join } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import type { CommonOptions } from "../command-line/common.ts";
import type { Effects } from "../effects/effects.ts";
import { tellPage } from "../effects/tell-page.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { meantRun } from "./meant-run.ts";

/** Pages that a folder may have, the first of them is shown. */
const PAGES = [RUN_FILES.report, RUN_FILES.comparison, "index.html"];

/** Shows the page of a run, or says where it lies. */
export async function viewCommand(effects: Effects, named: string | undefined, options: CommonOptions): Promise<void> {
  const folder = meantRun(effects.cwd, named);
  const page = PAGES.map((name) => join(folder, name)).find(existsSync);
  if (page === undefined) {
    throw new TokensphereError("input", `no page: ${folder}. \`tokensphere report\` draws that of a run`);
  }
  if (!options.json) return tellPage(effects, page, true);
  effects.print(JSON.stringify({ page, shown: await effects.openPage(page) }));
}
