import { join } from "node:path";
import { allRows, runningMeans } from "../over-texts/running-means.ts";
import type { Histograms } from "../run/histograms.ts";
import { type LineFile, openLineFile } from "../run/line-file.ts";
import type { MetricRow } from "../run/metrics.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import {
  type MeasuredTable,
  RUN_TABLES,
  type RunTable,
  rowsOf,
  type TableRows,
  type Tables,
} from "../run/run-tables.ts";
import type { Measured } from "./measured.ts";
import type { MeasureOptions, Probe } from "./probe.ts";
import { askedTables, PROBES } from "./probes.ts";
import { allHistograms, runningHistograms } from "./running-histograms.ts";

/** What is kept of the texts: the tables that were asked for, as a run has them. */
export interface Kept extends Tables {
  readonly metrics: readonly MetricRow[];
  readonly histograms: Histograms;
  /** False where nothing said which tokens are special. */
  readonly specialKnown: boolean;
}

/** Takes what is measured, text after text. */
export interface Sinks {
  add(measured: Measured): void;
  /** Ends the files. */
  finish(): Kept;
  /** Closes the files as they are: the folder is to be thrown away. */
  abort(): void;
}

/** How files are written. */
export interface SinkOptions {
  /** Edges of the histograms' bins. */
  readonly edges: readonly number[];
  /** The name of a file in the place of its usual one. */
  readonly fileName?: (usual: string) => string;
}

/**
 * Opens the tables that are asked for, and the histograms. In a folder, all rows go to the files of a run, and means over texts
 * are kept, one text's own rows where there is one; no more than sums are held. Without a folder everything is kept as it is.
 *
 * @param folder - The draft folder of a run, or `null`.
 * @throws TokensphereError `disk` where files cannot be written; so do its functions.
 */
export function openSinks(
  folder: string | null,
  asked: MeasureOptions,
  { edges, fileName = (usual) => usual }: SinkOptions,
): Sinks {
  const files: LineFile[] = [];
  const opened = (usual: string): LineFile | null => {
    if (folder === null) return null;
    const file = openLineFile(join(folder, fileName(usual)));
    files.push(file);
    return file;
  };
  try {
    const tables = askedTables(asked).map((name) => tableSink(name, opened(RUN_TABLES[name].file)));
    return joined(tables, histogramSink(opened(RUN_FILES.histograms), edges), files);
  } catch (error) {
    giveUp(files);
    throw error;
  }
}

/** Closes files that are to be thrown away: whether all that was written reached the disk is no matter. */
function giveUp(files: readonly LineFile[]): void {
  for (const file of files) {
    try {
      file.close();
    } catch {
      // What went wrong before is what the user is told.
    }
  }
}

function joined(tables: readonly Sink<Tables>[], histograms: Sink<Histograms>, files: readonly LineFile[]): Sinks {
  const sinks = [...tables, histograms];
  let specialKnown = true;
  return {
    add(measured) {
      for (const sink of sinks) sink.take(measured);
      specialKnown &&= measured.specialKnown;
    },
    finish() {
      for (const sink of sinks) sink.end();
      let kept: Tables = {};
      for (const table of tables) kept = { ...kept, ...table.kept() };
      return { ...kept, metrics: kept.metrics ?? [], histograms: histograms.kept(), specialKnown };
    },
    abort: () => giveUp(files),
  };
}

/** Where one part of what is measured goes: a file, or none, and what is kept. */
interface Sink<Result> {
  take(measured: Measured): void;
  /** Writes the end of the file and closes it. */
  end(): void;
  kept(): Result;
}

function tableSink<T extends MeasuredTable>(name: T, file: LineFile | null): Sink<Tables> {
  const { csv }: RunTable<TableRows[T]> = RUN_TABLES[name];
  const { means }: Probe<TableRows[T]> = PROBES[name];
  const rows = file === null ? allRows<TableRows[T]>() : runningMeans(means);
  file?.write(csv.header);
  return {
    take(measured) {
      const more = rowsOf(measured, name);
      file?.write(csv.lines(more));
      rows.add(more);
    },
    end: () => file?.close(),
    kept: () => ({ [name]: rows.kept() }),
  };
}

/** `histograms.json`, with one line a text. */
function histogramSink(file: LineFile | null, edges: readonly number[]): Sink<Histograms> {
  const histograms = file === null ? allHistograms(edges) : runningHistograms(edges);
  let texts = 0;
  file?.write(`{"format": "tokensphere/histograms", "version": 1, "edges": ${JSON.stringify(edges)}, "texts": [\n`);
  return {
    take(measured) {
      for (const text of measured.texts) {
        file?.write(`${texts++ === 0 ? "" : ",\n"}${JSON.stringify(text)}`);
        histograms.add(text);
      }
    },
    end() {
      file?.write("\n]}\n");
      file?.close();
    },
    kept: () => histograms.kept(),
  };
}
