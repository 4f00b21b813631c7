import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import type { ComparedFit } from "../comparison/comparison.ts";
import { EXPLORER } from "../formats/explorer-format.ts";
import { FIT } from "../formats/fit-format.ts";
import { readFormat } from "../formats/read-format.ts";
import { HISTOGRAMS, RUN } from "../formats/run-formats.ts";
import { checkRunFiles } from "./check-run-files.ts";
import type { Manifest } from "./manifest.ts";
import { METRICS } from "./metrics.ts";
import { readVariants } from "./read-variants.ts";
import { RUN_FILES } from "./rows/run-files.ts";
import { type RunData, unitOf } from "./run-data.ts";
import { RUN_TABLES, type RunTable, TABLE_NAMES, type TableName, type TableRows, type Tables } from "./run-tables.ts";

/** A run read back from its folder. */
export interface StoredRun {
  readonly manifest: Manifest;
  readonly data: RunData;
}

/**
 * Reads a run: its manifest first, then the numbers that it names.
 *
 * @throws TokensphereError `input` where the folder is no run, or a file in it is not what its name says or what the run wrote.
 */
export function readRun(folder: string): StoredRun {
  if (!existsSync(join(folder, RUN_FILES.manifest))) {
    throw new TokensphereError("input", `no run: ${folder}. give a folder that probe, fit or compare wrote`);
  }
  const manifest: Manifest = readFormat(RUN, join(folder, RUN_FILES.manifest));
  checkRunFiles(folder, manifest);
  const fit: ComparedFit | null = existsSync(join(folder, RUN_FILES.fit))
    ? readFormat(FIT, join(folder, RUN_FILES.fit))
    : null;
  const explorer = existsSync(join(folder, RUN_FILES.explorer))
    ? { explorer: readFormat(EXPLORER, join(folder, RUN_FILES.explorer)) }
    : {};
  const tables = tablesOf(folder);
  const metrics = tables.metrics ?? table(folder, "metrics");
  const histograms = readFormat(HISTOGRAMS, join(folder, RUN_FILES.histograms));
  const data = { ...tables, metrics, histograms, fit, ...explorer, ...unitOf(manifest.arguments) };
  const readers = {
    metrics: (file: string) => METRICS.fromCsv(runText(join(folder, file)), file),
    histograms: (file: string) => readFormat(HISTOGRAMS, join(folder, file)),
  };
  const readings = manifest.preset ?? manifest.looped;
  const variants = readings ? { variants: readVariants(readings, readers) } : {};
  return { manifest, data: { ...data, ...variants, ...(manifest.policy ? { policy: manifest.policy } : {}) } };
}

/** The tables that there are. */
function tablesOf(folder: string): Tables {
  const there = TABLE_NAMES.filter((name) => existsSync(join(folder, RUN_TABLES[name].file)));
  return Object.fromEntries(there.map((name) => [name, table(folder, name)]));
}

function table<T extends TableName>(folder: string, name: T): TableRows[T][] {
  const { file, csv }: RunTable<TableRows[T]> = RUN_TABLES[name];
  return csv.fromCsv(runText(join(folder, file)), file);
}

/** The text of a run's file. */
export function runText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : message;
    throw new TokensphereError("input", `cannot read ${path}: ${why}. make the run again`, { cause: error });
  }
}
