import { type Code, get, int, makeLocals, plus, repeat, set, times, wasmModule } from "../../probes/wasm/wasm-code.ts";
import { pair } from "../../probes/wasm/wasm-pair.ts";

/** Addresses in bytes: of bin numbers of 16 bits and where they end, of the counts of the first pair, of the sums; bytes of a row of counts. */
export type CountKernel = (bins: number, end: number, counts: number, sums: number, row: number) => void;

const ARGUMENTS = ["i32", "i32", "i32", "i32", "i32"] as const;
const [BINS, END, COUNTS, SUMS, ROW] = ARGUMENTS.keys();

/** Adds the row of counts of every pair to that of its bin: whole numbers of 32 bits, four at a time. `row` is a multiple of 16. */
export function countKernel(): Uint8Array<ArrayBuffer> {
  const locals = makeLocals(ARGUMENTS);
  const [k, to] = [locals.take("i32"), locals.take("i32")];
  const number: Code = [...get(BINS), 0x2f, 1, 0];
  const at = (address: number): Code => plus(get(address), get(k));
  return wasmModule(
    ARGUMENTS,
    locals,
    repeat(BINS, 2, get(END), [
      ...set(to, plus(get(SUMS), times(number, get(ROW)))),
      ...set(k, int(0)),
      ...repeat(k, 16, get(ROW), pair.store(at(to), 0, pair.addWords(pair.load(at(to), 0), pair.load(at(COUNTS), 0)))),
      ...set(COUNTS, plus(get(COUNTS), get(ROW))),
    ]),
  );
}
