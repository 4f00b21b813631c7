import { type Code, get, int, makeLocals, plus, repeat, set, wasmModule } from "../wasm/wasm-code.ts";
import { float, word } from "../wasm/wasm-scalar.ts";

/** Bits of a digit; a place is written in two. */
const BITS = 11;
/** Bytes of a table of digits. */
const TABLE = 4 * 2 ** BITS;
/** Places there are. */
export const PLACES = 2 ** (2 * BITS);
/** Bytes of memory beyond twice those of the values. */
export const TABLES = 2 * TABLE;

/** Bytes of the values, which begin at 0; what is taken off each, and what it is then multiplied by: its place, at least 0 and below `PLACES`. */
export type SortKernel = (bytes: number, lo: number, scale: number) => void;

/** Radix sort of numbers by place, in two digits; those of one place stay as they stood. */
export function sortKernel(): Uint8Array<ArrayBuffer> {
  const args = ["i32", "f64", "f64"] as const;
  const [BYTES, LO, SCALE] = args.keys();
  const locals = makeLocals(args);
  const [p, place, at, count, before, low, high] = Array.from({ length: 7 }, () => locals.take("i32"));
  const value = locals.take("f64");
  const twice = plus(get(BYTES), get(BYTES));
  const take = (from: Code): Code => [
    ...set(value, float.load(from)),
    ...set(place, float.whole(float.mul(float.sub(get(value), get(LO)), get(SCALE)))),
  ];
  const lowDigit = plus(get(low), word.left(word.and(get(place), int(2 ** BITS - 1)), int(2)));
  const highDigit = plus(get(high), word.left(word.right(get(place), int(BITS)), int(2)));
  const tally = (digit: Code): Code => [...set(at, digit), ...word.store(get(at), plus(word.load(get(at)), int(1)))];
  // How many there are of each digit becomes the address of the first of them.
  const toAddresses = (table: number, first: Code): Code => [
    ...set(before, first),
    ...set(p, int(0)),
    ...repeat(p, 4, int(TABLE), [
      ...set(at, plus(get(table), get(p))),
      ...set(count, word.load(get(at))),
      ...word.store(get(at), get(before)),
      ...set(before, plus(get(before), word.left(get(count), int(3)))),
    ]),
  ];
  const deal = (from: Code, digit: Code): Code => [
    ...set(p, int(0)),
    ...repeat(p, 8, get(BYTES), [
      ...take(plus(from, get(p))),
      ...set(at, digit),
      ...set(before, word.load(get(at))),
      ...float.store(get(before), get(value)),
      ...word.store(get(at), plus(get(before), int(8))),
    ]),
  ];
  return wasmModule(args, locals, [
    ...set(low, twice),
    ...set(high, plus(twice, int(TABLE))),
    ...set(p, int(0)),
    ...repeat(p, 4, int(TABLES), word.store(plus(get(low), get(p)), int(0))),
    ...set(p, int(0)),
    ...repeat(p, 8, get(BYTES), [...take(get(p)), ...tally(lowDigit), ...tally(highDigit)]),
    ...toAddresses(low, get(BYTES)),
    ...toAddresses(high, int(0)),
    ...deal(int(0), lowDigit),
    ...deal(get(BYTES), highDigit),
  ]);
}
