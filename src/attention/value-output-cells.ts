import type { ValueOutputRow } from "../run/rows/value-output-row.ts";
import { formatFixed, formatSignificant } from "../words/format-number.ts";
import { blocksOf, valueOutputByBlock } from "./value-output-in-words.ts";

/** Columns of the spectra by block. */
export const VALUE_OUTPUT_COLUMNS = [
  "block",
  "heads",
  "largest |λ|, median head",
  "Σλ/Σ|λ|, median head",
  "smallest",
  "largest",
  "attracting part",
  "likeness to I",
] as const;

/** The cells of `VALUE_OUTPUT_COLUMNS`, a row for blocks with the same weights. */
export function valueOutputCells(rows: readonly ValueOutputRow[]): string[][] {
  return valueOutputByBlock(rows).map((block) => [
    blocksOf(block),
    String(block.heads),
    formatSignificant(block.radius),
    formatFixed(block.copying),
    formatFixed(block.copying_range?.[0]),
    formatFixed(block.copying_range?.[1]),
    formatFixed(block.attractive),
    formatFixed(block.identity),
  ]);
}
