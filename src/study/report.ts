import { cpSync, existsSync, readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { meantRun } from "../collection/meant-run.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import type { Effects } from "../effects/effects.ts";
import { tellPage } from "../effects/tell-page.ts";
import { VERSION } from "../effects/version.ts";
import type { OpenOptions } from "../options/named.ts";
import type { ParquetOptions } from "../options/parquet.ts";
import { writeFigures, writeNumbers, writeReport } from "../report/write-run.ts";
import { claimFolder } from "../run/folder-lock.ts";
import { readRun, type StoredRun } from "../run/read-run.ts";
import { parquetFile, RUN_FILES } from "../run/rows/run-files.ts";
import { fillFolder, runFolderName } from "../run/run-folder.ts";
import { RUN_TABLES } from "../run/run-tables.ts";
import { usualFile } from "../run/variant-files.ts";

const TABLE_FILES: readonly string[] = Object.values(RUN_TABLES).flatMap(({ file }) => [file, parquetFile(file)]);

/** Draws a run again. With `--out` the run's numbers go along, so that the new folder is a run of its own. */
export async function reportCommand(
  effects: Effects,
  named: string | undefined,
  options: CommonOptions & OutOptions & OpenOptions & ParquetOptions,
): Promise<void> {
  const source = meantRun(effects.cwd, named);
  if (named === undefined) effects.say(`the newest run: ${relative(effects.cwd, source)}`);
  const target = options.out === undefined ? source : runFolderName(effects, options.out, source);
  if (target === source) {
    const release = claimFolder(effects, source);
    try {
      await draw(effects, source, readRun(source), options);
    } finally {
      release();
    }
  } else {
    const stored = readRun(source);
    await fillFolder(effects, target, options.force ?? false, async (folder) => {
      writeNumbers(folder, stored.data);
      // States, and what readings have beside the tables that a run holds.
      for (const name of readdirSync(source)) {
        const numbers = usualFile(name) === RUN_FILES.states || TABLE_FILES.includes(usualFile(name));
        if (numbers && !existsSync(join(folder, name))) cpSync(join(source, name), join(folder, name));
      }
      await draw(effects, folder, stored, options);
    });
  }
  const report = join(target, RUN_FILES.report);
  if (options.json) effects.print(JSON.stringify({ paths: { folder: target, report } }));
  else await tellPage(effects, report, options.open);
}

async function draw(
  effects: Effects,
  folder: string,
  { manifest, data }: StoredRun,
  { parquet }: ParquetOptions,
): Promise<void> {
  if (parquet) (await import("../parquet/write-parquet.ts")).writeParquet(folder);
  const figures = await writeFigures(effects, folder, data);
  effects.progress.stop();
  // The folder's files are hashed anew; when and by what the numbers were made stays.
  const { format, version, files, ...again } = manifest;
  const drawn = { at: effects.date().toISOString(), tokensphere: VERSION };
  const title = `${manifest.name ?? basename(String(manifest.model?.model ?? manifest.arguments.states ?? "run"))}: ${(manifest.preset && data.variants?.title) ?? (data.fit ? "network and theory" : "tokens layer by layer")}`;
  await writeReport(effects, folder, data, figures, { ...again, drawn }, title);
}
