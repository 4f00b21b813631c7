import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { TokensphereError } from "../../models/errors.ts";
import type { ComparedFit } from "../comparison/comparison.ts";
import type { Histograms } from "./histograms.ts";
import type { Manifest } from "./manifest.ts";
import { METRICS } from "./metrics.ts";
import { readVariants } from "./read-variants.ts";
import { type RunData, unitOf } from "./run-data.ts";
import { RUN_FILES } from "./run-files.ts";
import { RUN_TABLES, type RunTable, TABLE_NAMES, type TableName, type TableRows, type Tables } from "./run-tables.ts";

/** A run read back from its folder. */
export interface StoredRun {
  readonly manifest: Manifest;
  readonly data: RunData;
}

/** The magic and version that every JSON file of ours starts with. */
const HEADERS = {
  manifest: z.looseObject({
    format: z.literal("tokensphere/run"),
    version: z.literal(1),
    command: z.string(),
    seed: z.number(),
  }),
  histograms: z.looseObject({
    format: z.literal("tokensphere/histograms"),
    version: z.literal(1),
    edges: z.array(z.number()),
  }),
  fit: z.looseObject({
    format: z.literal("tokensphere/fit"),
    version: z.literal(1),
    families: z.array(z.looseObject({})),
  }),
};

/** Throws `input` where the folder is no run or a file in it is not what its name says. */
export function readRun(folder: string): StoredRun {
  if (!existsSync(join(folder, RUN_FILES.manifest))) {
    throw new TokensphereError("input", `no run: ${folder}. give a folder that probe, fit or compare wrote`);
  }
  const fit = existsSync(join(folder, RUN_FILES.fit)) ? (json(folder, "fit") as ComparedFit) : null;
  const manifest = json(folder, "manifest") as Manifest;
  const tables = tablesOf(folder);
  const metrics = tables.metrics ?? table(folder, "metrics");
  const histograms = json(folder, "histograms") as Histograms;
  const data = { ...tables, metrics, histograms, fit, ...unitOf(manifest.arguments ?? {}) };
  const readers = {
    metrics: (file: string) => METRICS.fromCsv(text(join(folder, file)), file),
    histograms: (file: string) => json(folder, "histograms", file) as Histograms,
  };
  const variants = manifest.preset ? { variants: readVariants(manifest.preset, readers) } : {};
  return { manifest, data: { ...data, ...variants, ...(manifest.policy ? { policy: manifest.policy } : {}) } };
}

/** The tables that there are. */
function tablesOf(folder: string): Tables {
  const there = TABLE_NAMES.filter((name) => existsSync(join(folder, RUN_TABLES[name].file)));
  return Object.fromEntries(there.map((name) => [name, table(folder, name)]));
}

function table<T extends TableName>(folder: string, name: T): TableRows[T][] {
  const { file, csv }: RunTable<TableRows[T]> = RUN_TABLES[name];
  return csv.fromCsv(text(join(folder, file)), file);
}

function json(folder: string, name: keyof typeof HEADERS, file: string = RUN_FILES[name]): unknown {
  const path = join(folder, file);
  let value: unknown;
  try {
    value = JSON.parse(text(path));
  } catch (error) {
    if (error instanceof TokensphereError) throw error;
    throw new TokensphereError("input", `${path}: no JSON. make the run again`, { cause: error });
  }
  const checked = HEADERS[name].safeParse(value);
  if (checked.success) return value;
  const { path: at, message } = checked.error.issues[0];
  throw new TokensphereError(
    "input",
    `${path}: ${at.join(".") || "file"}: ${message.toLowerCase()}. make the run again with this version`,
  );
}

function text(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : message;
    throw new TokensphereError("input", `cannot read ${path}: ${why}. make the run again`, { cause: error });
  }
}
