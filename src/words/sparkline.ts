const BLOCKS = "▁▂▃▄▅▆▇█";

/** Values as a line of blocks, one a value, the largest of the range full; what is not known is a gap. */
export function sparkline(values: readonly (number | null)[], [lo, hi]: readonly [number, number]): string {
  return values.map((value) => (value === null ? " " : blockOf((value - lo) / (hi - lo || 1)))).join("");
}

function blockOf(share: number): string {
  return BLOCKS[Math.max(0, Math.min(BLOCKS.length - 1, Math.round(share * (BLOCKS.length - 1))))]!;
}

/** At most so many of a list, evenly spaced, first and last among them. */
export function thinned<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, k) => all[Math.round((k * (all.length - 1)) / (most - 1))]!);
}
