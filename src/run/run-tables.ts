import type { UpdateRow } from "../updates/update-row.ts";
import type { ClusterRow } from "../who/cluster-row.ts";
import type { CoordinateRow } from "../who/coordinate-row.ts";
import type { TokenPairRow } from "../who/token-pair-row.ts";
import type { TokenRow } from "../who/token-row.ts";
import { METRICS, type MetricRow } from "./metrics.ts";
import { PAIRS, type PairMetricRow } from "./pair-metrics.ts";
import { ATTENTION, type AttentionRow } from "./rows/attention-row.ts";
import type { CsvTable } from "./rows/csv-table.ts";
import { INTERVENTION, type InterventionRow } from "./rows/intervention-row.ts";
import { RUN_FILES } from "./rows/run-files.ts";
import { VALUE_OUTPUT, type ValueOutputRow } from "./rows/value-output-row.ts";
import { UPDATES } from "./updates-table.ts";
import { CLUSTERS, COORDINATES, TOKEN_PAIRS, TOKENS } from "./who-tables.ts";

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
  /** Who is near whom: every token after every layer. */
  readonly tokens: TokenRow;
  /** Pairs of tokens: the closest of each layer and, after a fit, those that no family predicts. */
  readonly tokenPairs: TokenPairRow;
  /** What happens to clusters of tokens from layer to layer. */
  readonly clusters: ClusterRow;
  /** The coordinates that carry most of the mean cosine of each layer, and those with massive activations. */
  readonly coordinates: CoordinateRow;
  /** The law of the updates: what fields make of each step from layer to layer. */
  readonly updates: UpdateRow;
  /** What the updates owe to the other tokens, where the model was run again without half of them. */
  readonly intervention: InterventionRow;
  /** Spectra of the value and output weights of every head, where attention was asked for. */
  readonly valueOutput: ValueOutputRow;
}

/** A part of a run that is a table. */
export type TableName = keyof TableRows;

/** A table that is measured of states, text by text; the others ask for more. */
export type MeasuredTable = Exclude<TableName, "intervention" | "valueOutput">;

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
  tokens: { file: RUN_FILES.tokens, csv: TOKENS },
  tokenPairs: { file: RUN_FILES.tokenPairs, csv: TOKEN_PAIRS },
  clusters: { file: RUN_FILES.clusters, csv: CLUSTERS },
  coordinates: { file: RUN_FILES.coordinates, csv: COORDINATES },
  updates: { file: RUN_FILES.updates, csv: UPDATES },
  intervention: { file: RUN_FILES.intervention, csv: INTERVENTION },
  valueOutput: { file: RUN_FILES.valueOutput, csv: VALUE_OUTPUT },
};

/** Every table, in the order of `RUN_TABLES`. */
export const TABLE_NAMES = Object.keys(RUN_TABLES) as readonly TableName[];

/** A table's rows; none where it was not asked for. */
export function rowsOf<T extends TableName>(tables: Tables, name: T): readonly TableRows[T][] {
  return tables[name] ?? [];
}
