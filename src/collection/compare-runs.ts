import { join } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import type { Effects } from "../effects/effects.ts";
import { table } from "../effects/table.ts";
import { tellPage } from "../effects/tell-page.ts";
import { VERSION } from "../effects/version.ts";
import { wrapped } from "../effects/window.ts";
import { besideRuns } from "../explorer/beside-runs.ts";
import { pageScript } from "../explorer/page-script.ts";
import { COMPARISON } from "../formats/comparison-format.ts";
import type { OpenOptions } from "../options/named.ts";
import { readRun } from "../run/read-run.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { fillFolder, runFolderName } from "../run/run-folder.ts";
import { writeFormat } from "../run/write-format.ts";
import { writeWhole } from "../run/write-whole.ts";
import { formatFixed } from "../words/format-number.ts";
import { meantRun } from "./meant-run.ts";
import { runsTable } from "./runs-table.ts";
import { type SideBySide, sideBySide } from "./side-by-side.ts";
import { differenceInWords, intervalsInWords, sideBySideInWords } from "./side-by-side-in-words.ts";
import { sideBySidePage } from "./side-by-side-page.ts";

export type SideBySideOptions = CommonOptions & OutOptions & OpenOptions;

/** Puts runs side by side: a page and its numbers in a folder of their own. */
export async function compareRunsCommand(
  effects: Effects,
  named: readonly string[],
  options: SideBySideOptions,
): Promise<void> {
  const folders = named.map((one) => meantRun(effects.cwd, one));
  if (new Set(folders).size < folders.length) {
    throw new TokensphereError("usage", `${named.join(" ")}: the same run twice. name different ones`);
  }
  const target = runFolderName(effects, options.out, "side-by-side");
  const again = ["npx", "tokensphere", "report", ...named].join(" ");
  const write = async (folder: string) => writeSideBySide(folder, target, folders, again);
  const all = await fillFolder(effects, target, options.force ?? false, write);
  await tellSideBySide(effects, all, target, options);
}

/** Writes page and numbers into a folder that will lie at `target`. */
export function writeSideBySide(folder: string, target: string, folders: readonly string[], again: string): SideBySide {
  const runs = folders.map((one) => ({ folder: one, ...readRun(one) }));
  const all = sideBySide(runs);
  const explored = runs.flatMap(({ data: { explorer: data } }, k) => (data ? [{ name: all.runs[k]!.name, data }] : []));
  writeFormat(folder, COMPARISON, all);
  const page = { all, folder: target, explorer: besideRuns(explored), script: pageScript(), again, version: VERSION };
  writeWhole(join(folder, RUN_FILES.comparison), sideBySidePage(page));
  return all;
}

/** Says what was found, and where the page lies. */
export async function tellSideBySide(
  effects: Effects,
  all: SideBySide,
  folder: string,
  { json, open }: SideBySideOptions,
): Promise<void> {
  const page = join(folder, RUN_FILES.comparison);
  if (json) {
    effects.print(JSON.stringify({ ...all, paths: { folder, page } }));
    if (open) await effects.openPage(page);
    return;
  }
  const { columns } = effects.window;
  const sentences = sideBySideInWords(all).flatMap((one) => wrapped(effects.window, one));
  const lines = [...sentences, "", ...runsTable(all.runs, columns), "", ...meansTable(all, columns), ""];
  for (const line of [...lines, ...wrapped(effects.window, intervalsInWords(all)), ""]) effects.print(line);
  await tellPage(effects, page, open);
}

/** Mean cosines by layer and how they differ from the first run's. */
function meansTable({ runs, measures }: SideBySide, columns: number | null): string[] {
  const rows = measures.filter(({ measure }) => measure === "mean_cosine");
  const [first, ...others] = runs.map(({ name }) => name);
  return table(
    ["layer", ...runs.map(({ name }) => name), ...others.map((name) => `${name} less ${first}`)],
    rows.map(({ layer, values, differences }) => [
      String(layer),
      ...values.map(formatFixed),
      ...differences.slice(1).map((one) => differenceInWords(one)),
    ]),
    columns,
  );
}
