import { type RandomSource, shuffled } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";

/** More tokens of a text than this are not compared: a seeded sample stands for them. The model reads all. */
export const MOST_TOKENS = 1024;
/** Each half must have a pair. */
const FEWEST = 4;

/** The tokens of a batch that are taken out in either run: each token is in one half of its text, those of the template in none. */
export interface Halves {
  /** `[batch, n]`: 1 where a token is out of the context, in the first run and in the second. */
  readonly removed: readonly [Uint8Array, Uint8Array];
  /** `[batch, n]`: 1 where a token is compared: it belongs to its text, and to the sample. */
  readonly compared: Uint8Array;
  /** Rows with tokens enough. */
  readonly rows: readonly number[];
}

/** Draws the halves of every row. */
export function drawHalves({ batch, n, mask, special }: HiddenStates, random: RandomSource): Halves {
  const removed: [Uint8Array, Uint8Array] = [new Uint8Array(batch * n), new Uint8Array(batch * n)];
  const compared = new Uint8Array(batch * n);
  const rows: number[] = [];
  for (let row = 0; row < batch; row++) {
    const all = Array.from({ length: n }, (_, i) => row * n + i);
    const own = shuffled(
      all.filter((at) => mask[at] === 1 && !special?.[at]),
      random,
    );
    if (own.length < FEWEST) continue;
    rows.push(row);
    own.forEach((at, k) => {
      removed[k % 2][at] = 1;
      if (k < MOST_TOKENS) compared[at] = 1;
    });
  }
  return { removed, compared, rows };
}
