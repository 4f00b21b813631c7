import type { ResidualJoin } from "./residual-joins.ts";

/**
 * The joins of each block. Blocks are alike: the joins, told apart by whether they add attention, repeat after the
 * smallest number that makes them so, be it attention and MLP, both at once, two attentions and an MLP (a decoder that
 * looks at an encoder) or an MLP before attention too (a Conformer). Joins before the first block (a convolution of
 * positions) and after the last one (a head) do not repeat and are in no block. Where nothing repeats, a block begins at
 * each attention.
 */
export function streamBlocks(joins: readonly ResidualJoin[]): readonly (readonly ResidualJoin[])[] {
  const attends = joins.map(({ hasAttention }) => hasAttention);
  const [first, last] = [attends.indexOf(true), attends.lastIndexOf(true)];
  for (let skipped = 0; skipped < joins.length - last; skipped++) {
    for (let start = 0; start <= first; start++) {
      const end = joins.length - skipped;
      const period = smallestPeriod(attends.slice(start, end));
      if (period !== null) return chunks(joins.slice(start, end), period);
    }
  }
  const starts = attends.flatMap((attend, i) => (attend ? [i] : []));
  return starts.map((start, k) => joins.slice(start, starts[k + 1] ?? joins.length));
}

/** The smallest length that the flags are at least two repetitions of; null where there is none. */
function smallestPeriod(flags: readonly boolean[]): number | null {
  for (let period = 1; 2 * period <= flags.length; period++) {
    if (flags.length % period !== 0 || !flags.slice(0, period).includes(true)) continue;
    if (flags.every((flag, i) => flag === flags[i % period])) return period;
  }
  return null;
}

function chunks<T>(list: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: list.length / size }, (_, k) => list.slice(k * size, (k + 1) * size));
}
