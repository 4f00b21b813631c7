import { get, int, makeLocals, plus, repeat, set, type ValueType, wasmModule } from "../wasm/wasm-code.ts";
import { pair } from "../wasm/wasm-pair.ts";

/**
 * Addresses in bytes of where two rows, v, w, u and y begin, and of four numbers for sums; bytes of the stretch, a multiple of 16, above 0;
 * v, w and u of the two rows.
 */
export type ReductionKernel = (
  row: number,
  next: number,
  v: number,
  w: number,
  u: number,
  y: number,
  sums: number,
  bytes: number,
  v0: number,
  v1: number,
  w0: number,
  w1: number,
  u0: number,
  u1: number,
) => void;

const ADDRESSES = 8;
const NUMBERS = 6;

/** One stretch of two rows of A ← A − vwᵀ − wvᵀ, y ← y + Aᵀu of these rows, and what both rows have along u, as two pairs of sums. */
export function reductionKernel(): Uint8Array<ArrayBuffer> {
  const args: readonly ValueType[] = [
    ...Array.from({ length: ADDRESSES }, () => "i32" as const),
    ...Array.from({ length: NUMBERS }, () => "f64" as const),
  ];
  const [ROW, NEXT, V, W, U, Y, SUMS, BYTES, ...numbers] = args.keys();
  const locals = makeLocals(args);
  const [v0, v1, w0, w1, u0, u1] = numbers.map(() => locals.take("v128"));
  const [vj, wj, uj, b0, b1, s0, s1] = Array.from({ length: 7 }, () => locals.take("v128"));
  const k = locals.take("i32");
  const at = (address: number) => plus(get(address), get(k));
  const load = (address: number) => pair.load(at(address), 0);
  const product = (a: number, b: number) => pair.mul(get(a), get(b));
  const updated = (row: number, v: number, w: number) => pair.sub(load(row), pair.add(product(v, wj), product(w, vj)));
  return wasmModule(args, locals, [
    ...[v0, v1, w0, w1, u0, u1].flatMap((local, i) => set(local, pair.twice(get(numbers[i])))),
    ...[s0, s1].flatMap((sum) => set(sum, pair.number(0))),
    ...set(k, int(0)),
    ...repeat(k, 16, get(BYTES), [
      ...set(vj, load(V)),
      ...set(wj, load(W)),
      ...set(uj, load(U)),
      ...set(b0, updated(ROW, v0, w0)),
      ...set(b1, updated(NEXT, v1, w1)),
      ...pair.store(at(ROW), 0, get(b0)),
      ...pair.store(at(NEXT), 0, get(b1)),
      ...set(s0, pair.add(get(s0), product(b0, uj))),
      ...set(s1, pair.add(get(s1), product(b1, uj))),
      ...pair.store(at(Y), 0, pair.add(load(Y), pair.add(product(b0, u0), product(b1, u1)))),
    ]),
    ...pair.store(get(SUMS), 0, get(s0)),
    ...pair.store(get(SUMS), 16, get(s1)),
  ]);
}
