import { fixedDigits, formatFixed, formatSignificant } from "../words/format-number.ts";
import type { UpdateRow } from "./update-row.ts";

/** What is shown of a row of the updates; shares in percent. */
export const UPDATE_COLUMNS = [
  ...["layer", "turn", "no selection", "field", "beta", "interval"],
  ...["of motion", "of products", "beyond mean", "partial", "added", "shuffled", "p"],
] as const;

/** The cells of a row, in the order of `UPDATE_COLUMNS`. */
export function updateCells(row: UpdateRow): readonly string[] {
  return [
    String(row.layer),
    formatSignificant(row.size),
    inPercent(row.without_selection),
    row.field,
    formatSignificant(row.beta),
    row.beta_interval ? row.beta_interval.map(formatSignificant).join(" … ") : "–",
    ...[row.update, row.gram, row.gram_beyond_mean, row.partial, row.added, row.null].map(inPercent),
    formatFixed(row.p),
  ];
}

/** One decimal, without the sign for per cent: the columns are shares. */
function inPercent(share: number | null): string {
  return share === null ? "–" : fixedDigits(100 * share, 1);
}
