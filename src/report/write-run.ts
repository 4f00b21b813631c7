import { join } from "node:path";
import { drawFigure } from "../draw/draw-figure.ts";
import type { Effects } from "../effects/effects.ts";
import { pageScript } from "../explorer/page-script.ts";
import { runFigures } from "../figures/run-figures.ts";
import { EXPLORER } from "../formats/explorer-format.ts";
import { FIT } from "../formats/fit-format.ts";
import { HISTOGRAMS, RUN } from "../formats/run-formats.ts";
import { type Manifest, makeManifest } from "../run/manifest.ts";
import { METRICS } from "../run/metrics.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import type { RunData } from "../run/run-data.ts";
import {
  RUN_TABLES,
  type RunTable,
  TABLE_NAMES,
  type TableName,
  type TableRows,
  type Tables,
} from "../run/run-tables.ts";
import { variantFile } from "../run/variant-files.ts";
import { writeFormat } from "../run/write-format.ts";
import { writeWhole } from "../run/write-whole.ts";
import { reportHtml } from "./report.ts";

/** Writes the numbers of a run: what was measured and, where there is one, the fit. */
export function writeNumbers(folder: string, run: RunData): void {
  for (const name of TABLE_NAMES) writeTable(folder, run, name);
  writeFormat(folder, HISTOGRAMS, run.histograms);
  writeExtras(folder, run);
}

function writeTable<T extends TableName>(folder: string, tables: Tables, name: T): void {
  const { file, csv }: RunTable<TableRows[T]> = RUN_TABLES[name];
  const rows = tables[name];
  if (rows) writeWhole(join(folder, file), csv.toCsv(rows));
}

/** Writes what a run has beside what was measured text by text. */
function writeExtras(folder: string, run: RunData): void {
  if (run.fit) writeFormat(folder, FIT, run.fit);
  if (run.explorer) writeFormat(folder, EXPLORER, run.explorer);
  for (const [k, { name, metrics, histograms }] of run.variants?.variants.entries() ?? []) {
    if (k === 0) continue; // The run's own, written above.
    writeWhole(join(folder, variantFile(RUN_FILES.metrics, k, name)), METRICS.toCsv(metrics));
    writeFormat(folder, HISTOGRAMS, histograms, variantFile(RUN_FILES.histograms, k, name));
  }
}

/** Draws every figure of a run into the folder and returns what a report shows of them; what cannot be drawn is said. */
export async function writeFigures(effects: Effects, folder: string, run: RunData) {
  const figures = runFigures(run);
  let done = 0;
  // All at once: while a picture is rasterized the next is drawn.
  const drawn = await Promise.all(
    figures.map(async ({ name, title, caption, spec }) => {
      const written = await drawFigure(effects, folder, name, spec);
      effects.progress.update(++done / figures.length, "drawing");
      if (written === null) return [];
      const png = written.png === null ? {} : { png: true };
      return [{ name, title, caption, svg: written.rendered.svg, ...png, spec: true }];
    }),
  );
  return drawn.flat();
}

/** Writes the report and then the manifest, which names every file with its hash. */
export async function writeReport(
  effects: Effects,
  folder: string,
  run: RunData,
  figures: Awaited<ReturnType<typeof writeFigures>>,
  given: Parameters<typeof makeManifest>[2],
  title: string,
): Promise<Manifest> {
  const before = await makeManifest(effects, folder, given);
  const html = reportHtml({
    ...run,
    title,
    manifest: { ...before },
    figures,
    stages: given.stages,
    script: pageScript(),
  });
  writeWhole(join(folder, RUN_FILES.report), html);
  return writeManifest(effects, folder, given);
}

/** Writes the manifest, last of all files. */
async function writeManifest(
  effects: Effects,
  folder: string,
  given: Parameters<typeof makeManifest>[2],
): Promise<Manifest> {
  const manifest = await makeManifest(effects, folder, given);
  writeFormat(folder, RUN, manifest);
  return manifest;
}
