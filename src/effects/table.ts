/** Lines of a table for a terminal: columns of numbers lie right, words lie left. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const width = head.map((h, c) => Math.max(h.length, ...rows.map((row) => row[c].length)));
  const numeric = head.map((_, c) => rows.every((row) => isNumber(row[c]) || row[c] === ""));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, c) => (numeric[c] ? cell.padStart(width[c]) : cell.padEnd(width[c])))
      .join("  ")
      .trimEnd();
  return [line(head), ...rows.map(line)];
}

/** A number, a dash or an interval; a number with a word after it is words. */
function isNumber(cell: string): boolean {
  return /^[-−–\d.]/.test(cell) && !/[a-z]{2}/i.test(cell);
}
