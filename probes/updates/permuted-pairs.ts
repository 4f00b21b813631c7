import { MOST_BYTES } from "../wasm/wasm-runtime.ts";
import { freshWorkspaces } from "../wasm/workspace.ts";
import { LANES, type PermuteKernel, permuteKernel } from "./permute-kernel.ts";

/** Rows from … to − 1 of the pairs i < j, the first of them at `start`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly pairs: number;
}

/** Columns over the pairs of tokens, to be read in other orders of the tokens. */
export interface PermutedPairs {
  /** What was written, until something else is. */
  readonly out: Float64Array;
  /**
   * Writes the pairs (π(i), π(j > i)) of a stretch, `LANES` columns one behind the other, from place `at` of `out`.
   *
   * @param order - π.
   */
  readonly write: (order: Int32Array, stretch: Stretch, at: number) => void;
}

// A memory for each: whoever reads it may wait in between, and others write.
const workspace = freshWorkspaces<PermuteKernel>(permuteKernel);

/**
 * @param columns - At most `LANES` of them, over pairs i < j; where there are fewer the others are 0.
 * @param room - Numbers of `out`.
 * @param most - Bytes beyond which plain code does the same.
 */
export function permutedPairs(
  columns: readonly Float64Array[],
  n: number,
  room: number,
  most = MOST_BYTES,
): PermutedPairs {
  const size = n * n * LANES;
  const bytes = 8 * (size + room) + 4 * n;
  if (bytes > most) return inPlainCode(sideBySide(columns, n, new Float64Array(size)), room);
  const { numbers, run } = workspace(bytes);
  sideBySide(columns, n, numbers.subarray(0, size));
  const atOrder = 8 * (size + room);
  const entries = new Int32Array(numbers.buffer, atOrder, n);
  return {
    out: numbers.subarray(size, size + room),
    write(order, { from, to, pairs }, at) {
      for (let i = 0; i < n; i++) entries[i] = 8 * LANES * order[i];
      const place = (token: number) => atOrder + 4 * token;
      if (to > from) run(0, place(from), place(to), place(n), 8 * (size + at), 8 * pairs, n);
    },
  };
}

/** What is too large for a memory of WebAssembly. What is read of a pair is read of all columns at once. */
function inPlainCode(columns: Float64Array, room: number): PermutedPairs {
  const out = new Float64Array(room);
  return {
    out,
    write(order, { from, to, pairs }, at) {
      const n = order.length;
      let q = at;
      for (let i = from; i < to; i++) {
        const row = order[i] * n;
        for (let j = i + 1; j < n; j++, q++) {
          const p = (row + order[j]) * LANES;
          for (let lane = 0; lane < LANES; lane++) out[q + lane * pairs] = columns[p + lane];
        }
      }
    },
  };
}

/** The whole symmetric n × n matrices of the columns, number beside number. */
function sideBySide(columns: readonly Float64Array[], n: number, out: Float64Array): Float64Array {
  for (const [c, column] of columns.entries()) {
    let p = 0;
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++, p++) {
        out[(i * n + j) * LANES + c] = column[p];
        out[(j * n + i) * LANES + c] = column[p];
      }
    }
  }
  return out;
}
