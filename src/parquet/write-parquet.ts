import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type ColumnSource, fileWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import { VERSION } from "../effects/version.ts";
import { type Column, type CsvTable, unreadable } from "../run/rows/csv-table.ts";
import { parquetFile } from "../run/rows/run-files.ts";
import { RUN_TABLES } from "../run/run-tables.ts";
import { usualFile } from "../run/variant-files.ts";
import { fillWhole } from "../run/write-whole.ts";
import { csvPieces } from "./csv-pieces.ts";

/** How Parquet stores what a column holds. */
const TYPES: Readonly<Record<Column<unknown>["holds"], Pick<SchemaElement, "type" | "converted_type">>> = {
  integer: { type: "INT32" },
  number: { type: "DOUBLE" },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
};

/**
 * Writes every table that a run's folder holds as Parquet too: `metrics.parquet` beside `metrics.csv`, with the same columns and values.
 *
 * @throws TokensphereError `disk` where files cannot be written, `input` where a table is none that this version writes.
 */
export function writeParquet(folder: string): void {
  for (const name of readdirSync(folder)) {
    const table = Object.values(RUN_TABLES).find(({ file }) => file === usualFile(name));
    if (table) csvToParquet(join(folder, name), table.csv);
  }
}

/** Writes a table beside its file as Parquet; a few rows are held at a time, each such piece being a row group. */
export function csvToParquet(path: string, table: Pick<CsvTable<never>, "column">): void {
  const pieces = csvPieces(path);
  const [header = [], ...first] = pieces.next().value ?? [];
  const columns = header.map((name) => {
    const column = table.column(name);
    if (!column) throw unreadable(`${basename(path)} unknown header "${header.join(",")}"`);
    return { name, ...column };
  });
  fillWhole(parquetFile(path), (temporary) => {
    const schema = [
      { name: "root", num_children: columns.length },
      ...columns.map(({ name, holds }) => ({ name, ...TYPES[holds], repetition_type: "OPTIONAL" as const })),
    ];
    const writer = fileWriter(temporary);
    const file = new ParquetWriter({ writer, schema, createdBy: `tokensphere version ${VERSION}` });
    const write = (lines: readonly string[][]) => {
      const columnData = columns.map((column, c) => valuesOf(column, lines, c, path));
      if (lines.length > 0) file.write({ columnData, rowGroupSize: lines.length });
    };
    write(first);
    for (const lines of pieces) write(lines);
    file.finish();
  });
}

function valuesOf(
  { name, holds, read }: Column<unknown> & { readonly name: string },
  lines: readonly string[][],
  c: number,
  path: string,
): ColumnSource {
  const data = lines.map((cells) => {
    const value = read(cells[c] ?? "");
    if (value === undefined) throw unreadable(`${basename(path)}: "${cells[c]}" is none of ${name}`);
    if (value === null || value === "") return null; // Files with commas do not tell them apart.
    return holds === "text" ? String(value) : value;
  });
  return { name, data };
}
