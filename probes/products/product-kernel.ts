import { type Code, get, int, makeLocals, plus, repeat, set, times, wasmModule } from "../wasm/wasm-code.ts";
import { pair } from "../wasm/wasm-pair.ts";

/** Rows of a and of b that are multiplied at once: 3 × 4 sums and what they are made of are as many as there are registers. */
export const TILE = { rows: 3, columns: 4 } as const;

/** Arguments of the kernel: addresses and sizes in bytes but for the numbers of rows. */
export type ProductKernel = (
  a: number,
  b: number,
  c: number,
  rows: number,
  columns: number,
  stride: number,
  length: number,
  cStride: number,
) => void;

const ARGUMENTS = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
const [A, B, C, ROWS, COLUMNS, STRIDE, LENGTH, C_STRIDE] = ARGUMENTS.map((_, place) => place);

/**
 * c_ij ← ⟨a_i, b_j⟩ for a multiple of three rows of a and of four rows of b, two float64 at a time: the rows lie `stride` bytes apart,
 * `length` bytes of each take part, a multiple of 16, and rows of c lie `cStride` bytes apart.
 */
export function productKernel(): Uint8Array<ArrayBuffer> {
  const locals = makeLocals(ARGUMENTS);
  const take = (type: "i32" | "v128", count: number) => Array.from({ length: count }, () => locals.take(type));
  const [i, j, k] = take("i32", 3);
  const rowsOfA = take("i32", TILE.rows);
  const rowsOfB = take("i32", TILE.columns);
  const sums = rowsOfA.map(() => take("v128", TILE.columns));
  const values = take("v128", TILE.rows);
  const [value, to, rowOfB] = [locals.take("v128"), locals.take("i32"), locals.take("i32")];
  const rowsFrom = (rows: readonly number[], first: Code): Code => [
    ...set(rows[0], first),
    ...rows.slice(1).flatMap((row, r) => set(row, plus(get(rows[r]), get(STRIDE)))),
  ];
  const step: Code = [
    ...values.flatMap((local, r) => set(local, pair.load(plus(get(rowsOfA[r]), get(k)), 0))),
    ...rowsOfB.flatMap((row, s) => [
      ...set(value, pair.load(plus(get(row), get(k)), 0)),
      ...sums.flatMap((of, r) => set(of[s], pair.add(get(of[s]), pair.mul(get(values[r]), get(value))))),
    ]),
  ];
  const store: Code = sums.flatMap((of, r) => [
    ...[0, 2].flatMap((s) => pair.store(get(to), 8 * s, pair.sums(get(of[s]), get(of[s + 1])))),
    ...(r + 1 < sums.length ? set(to, plus(get(to), get(C_STRIDE))) : []),
  ]);
  const tile: Code = [
    ...rowsFrom(rowsOfB, get(rowOfB)),
    ...sums.flat().flatMap((sum) => set(sum, pair.number(0))),
    ...set(k, int(0)),
    ...repeat(k, 16, get(LENGTH), step),
    ...set(to, plus(get(C), [...get(j), ...int(3), 0x74])),
    ...store,
    ...set(rowOfB, plus(get(rowsOfB[TILE.columns - 1]), get(STRIDE))),
  ];
  return wasmModule(ARGUMENTS, locals, [
    ...set(i, int(0)),
    ...repeat(i, TILE.rows, get(ROWS), [
      ...rowsFrom(rowsOfA, get(A)),
      ...set(rowOfB, get(B)),
      ...set(j, int(0)),
      ...repeat(j, TILE.columns, get(COLUMNS), tile),
      ...set(A, plus(get(rowsOfA[TILE.rows - 1]), get(STRIDE))),
      ...set(C, plus(get(C), times(get(C_STRIDE), int(TILE.rows)))),
    ]),
  ]);
}
