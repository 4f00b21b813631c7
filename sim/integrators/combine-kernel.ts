import {
  type Code,
  get,
  int,
  makeLocals,
  plus,
  repeat,
  set,
  type ValueType,
  wasmModule,
} from "../../probes/wasm/wasm-code.ts";
import { pair } from "../../probes/wasm/wasm-pair.ts";

/** Slopes of a pass: more than any step of the methods here but one has. */
export const TERMS = 8;

/** Addresses of out and x in bytes, bytes, how many terms take part, the address of each and its weight. */
export type CombineKernel = (out: number, x: number, bytes: number, terms: number, ...rest: number[]) => void;

const HEAD = ["i32", "i32", "i32", "i32"] as const;
const [OUT, X, BYTES, COUNT] = HEAD.keys();
const ADDRESSES = Array.from({ length: TERMS }, (_, t) => HEAD.length + t);
const WEIGHTS = ADDRESSES.map((address) => address + TERMS);

/**
 * out ← x + w_0 k_0 + w_1 k_1 + …, two float64 at a time, added up from left to right as plain code does: a loop for each number of
 * terms. `bytes` is a multiple of 16.
 */
export function combineKernel(): Uint8Array<ArrayBuffer> {
  const args: readonly ValueType[] = [
    ...HEAD,
    ...ADDRESSES.map(() => "i32" as const),
    ...WEIGHTS.map(() => "f64" as const),
  ];
  const locals = makeLocals(args);
  const k = locals.take("i32");
  const twice = WEIGHTS.map(() => locals.take("v128"));
  const at = (address: number): Code => plus(get(address), get(k));
  const loop = (terms: number): Code => {
    const sum = ADDRESSES.slice(0, terms).reduce(
      (sofar, address, t): Code => pair.add(sofar, pair.mul(get(twice[t]), pair.load(at(address), 0))),
      pair.load(at(X), 0),
    );
    return repeat(k, 16, get(BYTES), pair.store(at(OUT), 0, sum));
  };
  const when = (terms: number): Code => [...get(COUNT), ...int(terms), 0x46, 0x04, 0x40, ...loop(terms), 0x0b];
  return wasmModule(args, locals, [
    ...twice.flatMap((local, t) => set(local, pair.twice(get(WEIGHTS[t])))),
    ...set(k, int(0)),
    ...Array.from({ length: TERMS }, (_, t) => when(t + 1)).flat(),
  ]);
}
