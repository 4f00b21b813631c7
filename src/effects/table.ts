/**
 * Lines of a table for a terminal: columns of numbers lie right, words lie left. What is wider than `columns` goes on in a further
 * table below, under the same first column; `null`: as wide as it is.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number | null = null,
): string[] {
  const width = head.map((h, c) => Math.max(h.length, ...rows.map((row) => row[c].length)));
  const numeric = head.map((_, c) => rows.every((row) => isNumber(row[c]) || row[c] === ""));
  const line = (cells: readonly string[], shown: readonly number[]): string =>
    shown
      .map((c) => (numeric[c] ? cells[c].padStart(width[c]) : cells[c].padEnd(width[c])))
      .join(GAP)
      .trimEnd();
  return pieces(width, columns).flatMap((shown, k) => [
    ...(k > 0 ? [""] : []),
    line(head, shown),
    ...rows.map((row) => line(row, shown)),
  ]);
}

const GAP = "  ";

/** Places of the columns of each piece: the first column, then as many as there is room for, one at least. */
function pieces(width: readonly number[], columns: number | null): readonly (readonly number[])[] {
  const all: number[][] = [[0]];
  let used = width[0] ?? 0;
  for (let c = 1; c < width.length; c++) {
    const more = GAP.length + width[c];
    const piece = all[all.length - 1];
    if (columns !== null && piece.length > 1 && used + more > columns) {
      all.push([0, c]);
      used = width[0] + more;
    } else {
      piece.push(c);
      used += more;
    }
  }
  return all;
}

/** A number, a dash or an interval; a number with a word after it is words. */
function isNumber(cell: string): boolean {
  return /^[-−–\d.]/.test(cell) && !/[a-z]{2}/i.test(cell);
}
