import { ATTENTION, type AttentionRow } from "./attention-row.ts";
import type { CsvTable } from "./csv-table.ts";
import { METRICS, type MetricRow } from "./metrics.ts";
import { PAIRS, type PairMetricRow } from "./pair-metrics.ts";
import { RUN_FILES } from "./run-files.ts";

/** The tables of a run by the part of it that they are, with what a row of each is. */
export interface TableRows {
  /** Measures of each layer. */
  readonly metrics: MetricRow;
  /** Measures of resid_mid, where they were asked for; layer k lies between layers k and k + 1. */
  readonly mid: MetricRow;
  /** Measures of attention, where they were asked for. */
  readonly attention: AttentionRow;
  /** Measures of pairs of clouds, where they were asked for. */
  readonly pairs: PairMetricRow;
}

/** A part of a run that is a table. */
export type TableName = keyof TableRows;

/** Rows of some tables. */
export type Tables = { readonly [T in TableName]?: readonly TableRows[T][] };

/** A table of a run and its file. */
export interface RunTable<Row> {
  readonly file: string;
  readonly csv: CsvTable<Row>;
}

/** Every table of a run: what is measured, written, read back and kept follows from it. */
export const RUN_TABLES: { readonly [T in TableName]: RunTable<TableRows[T]> } = {
  metrics: { file: RUN_FILES.metrics, csv: METRICS },
  mid: { file: RUN_FILES.mid, csv: METRICS },
  attention: { file: RUN_FILES.attention, csv: ATTENTION },
  pairs: { file: RUN_FILES.pairs, csv: PAIRS },
};

/** Every table, in the order of `RUN_TABLES`. */
export const TABLE_NAMES = Object.keys(RUN_TABLES) as readonly TableName[];

/** A table's rows; none where it was not asked for. */
export function rowsOf<T extends TableName>(tables: Tables, name: T): readonly TableRows[T][] {
  return tables[name] ?? [];
}
