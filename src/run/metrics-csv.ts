import { TokensphereError } from "../../models/errors.ts";
import type { MetricRow } from "./metrics.ts";

const COLUMNS = ["text", "layer", "measure", "value", "lo", "hi", "floor", "n", "d"] as const;

/** Long form with a header; a bound that is not known is empty. No field needs quotes: all are numbers or snake-case words. */
export function metricsToCsv(rows: readonly MetricRow[]): string {
  return metricsHeader() + metricsLines(rows);
}

/** The first line of `metrics.csv`. */
export function metricsHeader(): string {
  return `${COLUMNS.join(",")}\n`;
}

/** The lines of some rows, without the header. */
export function metricsLines(rows: readonly MetricRow[]): string {
  return rows.map((row) => `${COLUMNS.map((column) => row[column] ?? "").join(",")}\n`).join("");
}

/** Reads what `metricsToCsv` wrote. Throws `input` on any other header or a cell that is no number. */
export function metricsFromCsv(csv: string, name = "metrics.csv"): MetricRow[] {
  const [header, ...lines] = csv.split(/\r?\n/).filter((line) => line !== "");
  if (header !== COLUMNS.join(",")) {
    throw new TokensphereError("input", `${name}: unknown header "${header ?? ""}". probe again to write it anew`);
  }
  return lines.map((line, i) => row(line.split(","), `${name} line ${i + 2}`));
}

function row(cells: readonly string[], where: string): MetricRow {
  if (cells.length !== COLUMNS.length) {
    throw new TokensphereError(
      "input",
      `${where}: ${cells.length} cells in place of ${COLUMNS.length}. probe again to write it anew`,
    );
  }
  const [text, layer, measure, value, lo, hi, floor, n, d] = cells;
  const number = (cell: string): number => {
    const parsed = Number(cell);
    if (cell === "" || !Number.isFinite(parsed)) {
      throw new TokensphereError("input", `${where}: "${cell}" is no number. probe again to write it anew`);
    }
    return parsed;
  };
  const optional = (cell: string): number | null => (cell === "" ? null : number(cell));
  return {
    text: number(text),
    layer: layer === "final_norm" ? layer : number(layer),
    measure,
    value: number(value),
    lo: optional(lo),
    hi: optional(hi),
    floor: optional(floor),
    n: number(n),
    d: number(d),
  };
}
