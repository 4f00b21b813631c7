import type { UpdateRow } from "../updates/update-row.ts";
import { type CsvTable, csvTable, integer, optional, text } from "./rows/csv-table.ts";
import { RUN_FILES } from "./rows/run-files.ts";

const FROM = ["best", "given", ""] as const;

type Bounds = UpdateRow["beta_interval"];

/** A row with each interval as two columns. */
interface FlatRow extends Omit<UpdateRow, "beta_interval" | "partial_interval" | "added_interval"> {
  readonly beta_lo: number | null;
  readonly beta_hi: number | null;
  readonly partial_lo: number | null;
  readonly partial_hi: number | null;
  readonly added_lo: number | null;
  readonly added_hi: number | null;
}

const FLAT = csvTable<FlatRow>(RUN_FILES.updates, {
  text: integer,
  layer: integer,
  field: text,
  beta: optional,
  beta_from: { holds: "text", read: (cell) => FROM.find((from) => from === cell) },
  beta_lo: optional,
  beta_hi: optional,
  size: optional,
  step: optional,
  update: optional,
  gram: optional,
  gram_beyond_mean: optional,
  partial: optional,
  partial_lo: optional,
  partial_hi: optional,
  added: optional,
  added_lo: optional,
  added_hi: optional,
  null: optional,
  null_partial: optional,
  p: optional,
  without_selection: optional,
  note: text,
});

/** `updates.csv`. */
export const UPDATES: CsvTable<UpdateRow> = {
  header: FLAT.header,
  column: FLAT.column,
  lines: (rows) => FLAT.lines(rows.map(flat)),
  toCsv: (rows) => FLAT.toCsv(rows.map(flat)),
  fromCsv: (csv, name) => FLAT.fromCsv(csv, name).map(whole),
};

function flat({ beta_interval, partial_interval, added_interval, ...row }: UpdateRow): FlatRow {
  const [beta_lo, beta_hi] = beta_interval ?? [null, null];
  const [partial_lo, partial_hi] = partial_interval ?? [null, null];
  const [added_lo, added_hi] = added_interval ?? [null, null];
  return { ...row, beta_lo, beta_hi, partial_lo, partial_hi, added_lo, added_hi };
}

function whole({ beta_lo, beta_hi, partial_lo, partial_hi, added_lo, added_hi, ...row }: FlatRow): UpdateRow {
  return {
    ...row,
    beta_interval: bounds(beta_lo, beta_hi),
    partial_interval: bounds(partial_lo, partial_hi),
    added_interval: bounds(added_lo, added_hi),
  };
}

function bounds(lo: number | null, hi: number | null): Bounds {
  return lo === null || hi === null ? null : [lo, hi];
}
