import { shortCell } from "../words/number-cell.ts";

/** A number of a table of the theory: eight digits. */
export function cell(value: number | null): string {
  return shortCell(value, 8);
}

/** Values below the range of float64 are told by their logarithm alone, and so are those above. */
export function inRange(value: number): number | null {
  return value !== 0 && Number.isFinite(value) ? value : null;
}

/** A number, or where it is out of range its logarithm. */
export function orLog(value: number | null, log: number): string {
  return value === null ? `e^${cell(log)}` : cell(value);
}
