import type { HeadProbe } from "../../../probes/attention/probe-attention.ts";
import { csvTable, integer, number, optional } from "./csv-table.ts";
import { RUN_FILES } from "./run-files.ts";

/** One row of `attention.csv`: one head in one text. What cannot be said is `null` (empty in the file). */
export interface AttentionRow {
  /** 0-based index of the text. */
  readonly text: number;
  /** k: the block that leads from layer k to k + 1, as in `attentions.k`. */
  readonly layer: number;
  /** From 0. */
  readonly head: number;
  /** Rows of attention counted. */
  readonly rows: number;
  /** Mean entropy of a row, in nats. */
  readonly entropy: number;
  /** What equal weights would give: the mean log of the number of positions that a row attends to. */
  readonly log_keys: number;
  /** Pairs counted in the regression. */
  readonly pairs: number;
  /** Slope of log attention against inner product within rows: an effective β. */
  readonly beta: number | null;
  /** Share of the variance of log attention within rows that inner products explain. */
  readonly r2: number | null;
}

/** The row of a head; `firstText` is the number of the batch's first text. */
export function attentionRow(probe: HeadProbe, firstText: number): AttentionRow {
  const { text, layer, head, rows, entropy, logKeys, pairs, beta, r2 } = probe;
  return { text: text + firstText, layer, head, rows, entropy, log_keys: logKeys, pairs, beta, r2 };
}

/** `attention.csv`. */
export const ATTENTION = csvTable<AttentionRow>(RUN_FILES.attention, {
  text: integer,
  layer: integer,
  head: integer,
  rows: integer,
  entropy: number,
  log_keys: number,
  pairs: integer,
  beta: optional,
  r2: optional,
});
