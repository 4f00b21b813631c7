import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { csvCells } from "../run/rows/csv-table.ts";

/** Some ten thousand lines: what is held of a file at a time. */
const PIECE = 4 * 1024 * 1024;

/**
 * The cells of a file's lines, some lines at a time: a file may be larger than memory.
 *
 * @param bytes - Read at a time; a line may be longer.
 */
export function* csvPieces(path: string, bytes = PIECE): Generator<string[][], void> {
  const file = openSync(path, "r");
  try {
    const decoder = new StringDecoder("utf8");
    const buffer = Buffer.alloc(bytes);
    let rest = "";
    for (;;) {
      const read = readSync(file, buffer);
      rest += read === 0 ? decoder.end() : decoder.write(buffer.subarray(0, read));
      const end = read === 0 ? rest.length : lastLineEnd(rest);
      if (end > 0) yield csvCells(rest.slice(0, end));
      rest = rest.slice(end);
      if (read === 0) return;
    }
  } finally {
    closeSync(file);
  }
}

/** Where the last whole line of a text ends that starts with a line; 0 where there is none. Cells in quotes may hold line breaks. */
function lastLineEnd(text: string): number {
  let inQuotes = text.split('"').length % 2 === 0;
  for (let k = text.length - 1; k >= 0; k--) {
    if (text[k] === '"') inQuotes = !inQuotes;
    else if (text[k] === "\n" && !inQuotes) return k + 1;
  }
  return 0;
}
