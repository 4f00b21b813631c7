import { get, int, makeLocals, plus, repeat, set, wasmModule } from "../wasm/wasm-code.ts";
import { pair } from "../wasm/wasm-pair.ts";
import { pairPower } from "../wasm/wasm-power.ts";

/** Pairs of numbers in a step of the kernel. */
const STRETCH = 4;
/** Numbers in a step: as many at a time are summed. */
export const STEP = 2 * STRETCH;

/** Where the numbers begin and how many bytes of them there are, a multiple of those of a step, above 0; a factor, a shift, and where the sum goes. */
export type ExponentialKernel = (at: number, bytes: number, factor: number, shift: number, out: number) => void;

/** Σ 2^(factor · x + shift) of numbers x, two float64 at a time, as sums of the even and of the odd ones; exponents at most 1023. */
export function exponentialKernel(): Uint8Array<ArrayBuffer> {
  const args = ["i32", "i32", "f64", "f64", "i32"] as const;
  const [AT, BYTES, FACTOR, SHIFT, OUT] = args.keys();
  const locals = makeLocals(args);
  const take = () => locals.take("v128");
  const [factor, shift] = [take(), take()];
  const xs = Array.from({ length: STRETCH }, take);
  const sums = xs.map(take);
  const k = locals.take("i32");
  const power = pairPower(locals, STRETCH);
  const whole = sums.slice(1).reduce((sum, local) => pair.add(sum, get(local)), get(sums[0]));
  return wasmModule(args, locals, [
    ...set(factor, pair.twice(get(FACTOR))),
    ...set(shift, pair.twice(get(SHIFT))),
    ...sums.flatMap((sum) => set(sum, pair.number(0))),
    ...set(k, int(0)),
    ...repeat(k, 8 * STEP, get(BYTES), [
      ...xs.flatMap((x, r) =>
        set(x, pair.add(pair.mul(pair.load(plus(get(AT), get(k)), 16 * r), get(factor)), get(shift))),
      ),
      ...power(xs),
      ...sums.flatMap((sum, r) => set(sum, pair.add(get(sum), get(xs[r])))),
    ]),
    ...pair.store(get(OUT), 0, whole),
  ]);
}
