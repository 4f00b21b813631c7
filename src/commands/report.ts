import { cpSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Effects } from "../effects/effects.ts";
import type { CommonOptions } from "../options/options.ts";
import { writeFigures, writeNumbers, writeReport } from "../report/write-run.ts";
import { readRun, type StoredRun } from "../run/read-run.ts";
import { RUN_FILES } from "../run/run-files.ts";
import { fillFolder, runFolderName } from "../run/run-folder.ts";
import { usualFile } from "../run/variant-files.ts";

/** Draws a run again. With `--out` the run's numbers go along, so that the new folder is a run of its own. */
export async function reportCommand(effects: Effects, run: string, options: CommonOptions): Promise<void> {
  const source = resolve(effects.cwd, run);
  const stored = readRun(source);
  const target = options.out === undefined ? source : runFolderName(effects, options.out, run);
  if (target === source) await draw(effects, source, stored);
  else {
    await fillFolder(effects, target, options.force ?? false, async (folder) => {
      writeNumbers(folder, stored.data);
      for (const name of readdirSync(source).filter((file) => usualFile(file) === RUN_FILES.states)) {
        cpSync(join(source, name), join(folder, name));
      }
      await draw(effects, folder, stored);
    });
  }
  const report = join(target, RUN_FILES.report);
  effects.print(options.json ? JSON.stringify({ paths: { folder: target, report } }) : report);
}

async function draw(effects: Effects, folder: string, { manifest, data }: StoredRun): Promise<void> {
  const figures = await writeFigures(folder, data, (fraction) => effects.progress.update(fraction, "drawing"));
  effects.progress.stop();
  const { command, arguments: given, seed, stages } = manifest;
  const title = `${basename(String(manifest.model?.model ?? given.states ?? "run"))}: ${data.variants?.title ?? (data.fit ? "network and theory" : "tokens layer by layer")}`;
  const again = {
    command,
    arguments: given,
    seed,
    stages,
    ...(manifest.model ? { model: manifest.model } : {}),
    ...(manifest.texts ? { texts: manifest.texts } : {}),
    ...(manifest.policy ? { policy: manifest.policy } : {}),
    ...(manifest.preset ? { preset: manifest.preset } : {}),
    ...(manifest.states ? { states: manifest.states } : {}),
  };
  await writeReport(effects, folder, data, figures, again, title);
}
