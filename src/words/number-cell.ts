/** A number in a table of the terminal: so many significant digits, a dash for what is not known. Its minus is one that programs read. */
export function cell(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined ? "–" : value.toPrecision(digits);
}

/** The same without zeros behind the last digit that says something: for numbers that were given, or are exact. */
export function shortCell(value: number | null | undefined, digits = 6): string {
  return value === null || value === undefined ? "–" : String(Number(value.toPrecision(digits)));
}
