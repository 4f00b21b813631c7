import { TokensphereError } from "../../../models/errors.ts";
import type { LayerLabel } from "../../../models/stream/hidden-states.ts";

/** What stands in a column. */
export interface Column<T> {
  /** What its values are in files that have types: the same in every run, whatever its rows happen to hold. */
  readonly holds: "integer" | "number" | "text";
  /** Reads a cell back; `undefined` where it is none of the column's values. */
  readonly read: (cell: string) => T | undefined;
}

/** A finite number. */
export const number: Column<number> = { holds: "number", read: numberIn };

/** A finite number, or nothing. */
export const optional: Column<number | null> = orNothing(number);

/** A whole number of 32 bits: an index or a count. */
export const integer: Column<number> = {
  holds: "integer",
  read(cell) {
    const value = numberIn(cell);
    return value === undefined || value !== (value | 0) ? undefined : value;
  },
};

/** The same, or nothing. */
export const optionalInteger: Column<number | null> = orNothing(integer);

/** A word that needs no quotes. */
export const text: Column<string> = { holds: "text", read: (cell) => cell };

/** Any string, in quotes where it needs them, or nothing. */
export const anyText: Column<string | null> = orNothing(text);

/** A layer's number, or `final_norm`. */
export const layer: Column<LayerLabel> = {
  holds: "text",
  read: (cell) => (cell === "final_norm" ? cell : integer.read(cell)),
};

function numberIn(cell: string): number | undefined {
  const value = Number(cell);
  return cell === "" || !Number.isFinite(value) ? undefined : value;
}

function orNothing<T>({ holds, read }: Column<T>): Column<T | null> {
  return { holds, read: (cell) => (cell === "" ? null : read(cell)) };
}

/** A file in long form: one line a row under a header, what is not known left empty. */
export interface CsvTable<Row> {
  /** The first line. */
  readonly header: string;
  /** What a column of that name holds; `undefined` where there is none. */
  column(name: string): Column<unknown> | undefined;
  /** The lines of some rows, without the header. */
  lines(rows: readonly Row[]): string;
  /** The whole file. */
  toCsv(rows: readonly Row[]): string;
  /**
   * Reads what `toCsv` wrote.
   *
   * @param name - The file's, for messages.
   * @throws TokensphereError `input` for any other header or a cell that its column cannot hold.
   */
  fromCsv(csv: string, name?: string): Row[];
}

/** A table of these columns, in their order. `name` is that of the usual file. */
export function csvTable<Row extends object>(
  usual: string,
  columns: { readonly [K in keyof Row]: Column<Row[K]> },
): CsvTable<Row> {
  const names = Object.keys(columns) as (keyof Row & string)[];
  const header = `${names.join(",")}\n`;
  const lines = (rows: readonly Row[]) => rows.map((row) => csvLine(names.map((name) => row[name] ?? ""))).join("");
  const row = (cells: readonly string[], where: string): Row => {
    if (cells.length !== names.length) throw unreadable(`${where}: ${cells.length} cells in place of ${names.length}`);
    const entries = names.map((name, c) => {
      const value = columns[name].read(cells[c]);
      if (value === undefined) throw unreadable(`${where}: "${cells[c]}" is no number`);
      return [name, value] as const;
    });
    return Object.fromEntries(entries) as unknown as Row;
  };
  return {
    header,
    column: (name) => names.find((known) => known === name) && columns[name as keyof Row],
    lines,
    toCsv: (rows) => header + lines(rows),
    fromCsv(csv, name = usual) {
      const [first = [], ...rest] = csvCells(csv);
      if (csvLine(first) !== header) throw unreadable(`${name} unknown header "${first.join(",")}"`);
      return rest.map((cells, i) => row(cells, `${name} line ${i + 2}`));
    },
  };
}

/** A line of cells, in quotes where they need them (RFC 4180). */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(String).map(quoted).join(",")}\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The cells of every line that is not empty. */
export function csvCells(csv: string): string[][] {
  if (!csv.includes('"')) return plainLines(csv).map((line) => line.split(","));
  const lines: string[][] = [];
  let line: string[] = [];
  for (const [, inQuotes, plain, end] of csv.matchAll(CELL)) {
    line.push(inQuotes === undefined ? (plain ?? "") : inQuotes.replaceAll('""', '"'));
    if (end === ",") continue;
    if (line.length > 1 || line[0] !== "") lines.push(line);
    line = [];
  }
  return lines;
}

/** A cell in quotes or without, and what ends it. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g;

function plainLines(csv: string): string[] {
  return csv.split(/\r?\n/).filter((line) => line !== "");
}

/** What is said of a table that its columns cannot hold. */
export function unreadable(what: string): TokensphereError {
  return new TokensphereError("input", `${what}. probe again to write it anew`);
}
