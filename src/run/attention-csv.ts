import { TokensphereError } from "../../models/errors.ts";
import type { AttentionRow } from "./attention-row.ts";

const COLUMNS = ["text", "layer", "head", "rows", "entropy", "log_keys", "pairs", "beta", "r2"] as const;
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(["beta", "r2"]);

/** One line a text, block and head, with a header; what is not known is empty. */
export function attentionToCsv(rows: readonly AttentionRow[]): string {
  return attentionHeader() + attentionLines(rows);
}

/** The first line of `attention.csv`. */
export function attentionHeader(): string {
  return `${COLUMNS.join(",")}\n`;
}

/** The lines of some rows, without the header. */
export function attentionLines(rows: readonly AttentionRow[]): string {
  return rows.map((row) => `${COLUMNS.map((column) => row[column] ?? "").join(",")}\n`).join("");
}

/** Reads what `attentionToCsv` wrote. Throws `input` on any other header or a cell that is no number. */
export function attentionFromCsv(csv: string): AttentionRow[] {
  const [header, ...lines] = csv.split(/\r?\n/).filter((line) => line !== "");
  if (header !== COLUMNS.join(",")) throw unreadable(`unknown header "${header ?? ""}"`);
  return lines.map((line, i) => {
    const cells = line.split(",");
    if (cells.length !== COLUMNS.length) throw unreadable(`line ${i + 2}: ${cells.length} cells`);
    const entries = COLUMNS.map((column, c) => [column, parse(column, cells[c], i + 2)] as const);
    return Object.fromEntries(entries) as unknown as AttentionRow;
  });
}

function parse(column: string, cell: string, line: number): number | null {
  if (cell === "" && MAY_BE_EMPTY.has(column)) return null;
  const value = Number(cell);
  if (cell === "" || !Number.isFinite(value)) throw unreadable(`line ${line}: "${cell}" is no number`);
  return value;
}

function unreadable(what: string): TokensphereError {
  return new TokensphereError("input", `attention.csv ${what}. probe again to write it anew`);
}
