import {
  type Code,
  get,
  int,
  makeLocals,
  plus,
  repeat,
  repeatWhile,
  set,
  times,
  wasmModule,
} from "../wasm/wasm-code.ts";
import { pair } from "../wasm/wasm-pair.ts";

/** Columns that are permuted together, side by side in memory. */
export const LANES = 8;

/**
 * Addresses in bytes: of the columns, of an order's entry of row `from`, of that of row `to` and of where the order ends, of the result;
 * bytes of one column of the result; tokens. An order's entries count bytes: 64 for each token before.
 */
export type PermuteKernel = (
  columns: number,
  from: number,
  to: number,
  end: number,
  out: number,
  stride: number,
  n: number,
) => void;

const ARGUMENTS = ["i32", "i32", "i32", "i32", "i32", "i32", "i32"] as const;
const [COLUMNS, FROM, TO, END, OUT, STRIDE, N] = ARGUMENTS.keys();

/** The pairs (π(i), π(j > i)) of rows from … to − 1: eight numbers beside each other to eight columns. There is a row at least, not the last. */
export function permuteKernel(): Uint8Array<ArrayBuffer> {
  const locals = makeLocals(ARGUMENTS);
  const [row, j, at, to] = Array.from({ length: 4 }, () => locals.take("i32"));
  const pairs = Array.from({ length: LANES / 2 }, () => locals.take("v128"));
  const entry = (address: number): Code => [...get(address), 0x28, 2, 0];
  const next = set(to, plus(get(to), get(STRIDE)));
  const copy: Code = [
    ...set(at, plus(get(row), entry(j))),
    ...pairs.flatMap((two, p) => set(two, pair.load(get(at), 16 * p))),
    ...set(to, get(OUT)),
    ...pairs.flatMap((two, p) => [
      ...pair.storeOne(get(to), 0, get(two), 0),
      ...next,
      ...pair.storeOne(get(to), 0, get(two), 1),
      ...(p + 1 < pairs.length ? next : []),
    ]),
    ...set(OUT, plus(get(OUT), int(8))),
  ];
  return wasmModule(ARGUMENTS, locals, [
    ...repeat(FROM, 4, get(TO), [
      ...set(row, plus(get(COLUMNS), times(entry(FROM), get(N)))),
      ...set(j, plus(get(FROM), int(4))),
      ...repeatWhile(j, 4, get(END), copy),
    ]),
  ]);
}
