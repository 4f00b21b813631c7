import {
  advance,
  type Code,
  clear,
  copy,
  get,
  int,
  makeLocals,
  repeat,
  repeatWhile,
  set,
  wasmModule,
} from "../../../probes/wasm/wasm-code.ts";
import { pair } from "../../../probes/wasm/wasm-pair.ts";
import { pairPower } from "../../../probes/wasm/wasm-power.ts";
import { type SimdForm, simdLayout } from "./simd-layout.ts";
import { pairsInMemory } from "./simd-pairs-in-memory.ts";
import { pairsInRegisters } from "./simd-pairs-in-registers.ts";
import { overCoordinates, type SimdWriter } from "./simd-writer.ts";

const ARGUMENTS = ["f64", "f64"] as const;
const [SLOPE, SCALE] = [0, 1];

/** Up to this width the differences of two pairs of tokens stay in registers. */
const IN_REGISTERS = 8;

/**
 * Attention with Q = K = V = I on two float64 at a time, as a WebAssembly module: `run(slope, scale)` reads `[n, d]` at
 * `layout.x` and writes its velocity times `scale` at `layout.out`; `slope` is −(β/2) log₂ e.
 *
 * The weights e^{β(⟨θ_i, θ_j⟩ − 1)} = 2^{slope ‖θ_i − θ_j‖²} are symmetric: each pair is visited once. Differences give
 * coinciding tokens exactly 0, so slow plateaus keep their relative accuracy.
 */
export function simdKernel(form: SimdForm): Uint8Array<ArrayBuffer> {
  const locals = makeLocals(ARGUMENTS);
  const layout = simdLayout(form);
  const [i, j] = [locals.take("i32"), locals.take("i32")];
  const slope = locals.take("v128");
  const writer: SimdWriter = { form, layout, locals, power: pairPower(locals, 4), i, j, slope };
  const pairs = form.d <= IN_REGISTERS ? pairsInRegisters(writer) : pairsInMemory(writer);
  return wasmModule(ARGUMENTS, locals, [
    ...readDirections(writer),
    ...clear(layout.field, form.d * layout.stride),
    ...copy(layout.divisors, layout.own, layout.row),
    ...set(slope, pair.twice(get(SLOPE))),
    ...set(i, int(0)),
    ...repeat(i, 16, int(layout.row), pairs),
    ...writeVelocities(writer),
  ]);
}

/** θ_i = x_i/‖x_i‖, transposed. */
function readDirections(writer: SimdWriter): Code {
  const { form, layout, locals, i } = writer;
  const { n, d } = form;
  const { stride, theta } = layout;
  const [token, from, to] = [locals.take("i32"), locals.take("i32"), locals.take("i32")];
  const [sum, value] = [locals.take("v128"), locals.take("v128")];
  /** @param second - Bytes from the first token to the second. */
  const two = (second: number): Code => [
    ...set(sum, pair.number(0)),
    ...overCoordinates(
      writer,
      [
        [from, get(token), 8],
        [to, get(i), stride],
      ],
      (k) => [
        ...set(value, pair.loadSecond(get(from), 8 * k + second, pair.loadTwice(get(from), 8 * k))),
        ...set(sum, pair.add(get(sum), pair.mul(get(value), get(value)))),
        ...pair.store(get(to), theta + k * stride, get(value)),
      ],
    ),
    ...set(sum, pair.sqrt(get(sum))),
    ...overCoordinates(writer, [[to, get(i), stride]], (k) =>
      pair.store(get(to), theta + k * stride, pair.div(pair.load(get(to), theta + k * stride), get(sum))),
    ),
  ];
  const companion = overCoordinates(writer, [[to, get(i), stride]], (k) =>
    pair.storeOne(get(to), theta + k * stride + 8, pair.loadTwice(int(0), layout.far), 0),
  );
  return [
    ...set(token, int(layout.x)),
    ...set(i, int(0)),
    ...repeatWhile(i, 16, int(8 * (n - (n % 2))), [...two(8 * d), ...advance(token, 16 * d)]),
    ...(n % 2 === 1 ? [...two(0), ...companion] : []),
  ];
}

/** v_i = P^⊥ f_i with f_i = scale · field_i/divisor_i, transposed back. */
function writeVelocities(writer: SimdWriter): Code {
  const { form, layout, locals, i } = writer;
  const { n, d } = form;
  const { stride, theta, field } = layout;
  const [token, to, from] = [locals.take("i32"), locals.take("i32"), locals.take("i32")];
  const [factor, radial, value] = [locals.take("v128"), locals.take("v128"), locals.take("v128")];
  const pull = (k: number): Code => pair.mul(get(factor), pair.load(get(from), field + k * stride));
  const direction = (k: number): Code => pair.load(get(from), theta + k * stride);
  const some = (places: readonly (0 | 1)[]): Code => [
    ...set(factor, pair.div(pair.twice(get(SCALE)), pair.load(get(i), layout.divisors))),
    ...set(radial, pair.number(0)),
    ...overCoordinates(writer, [[from, get(i), stride]], (k) =>
      set(radial, pair.add(get(radial), pair.mul(direction(k), pull(k)))),
    ),
    ...overCoordinates(
      writer,
      [
        [from, get(i), stride],
        [to, get(token), 8],
      ],
      (k) => [
        ...set(value, pair.sub(pull(k), pair.mul(get(radial), direction(k)))),
        ...places.flatMap((place) => pair.storeOne(get(to), 8 * k + 8 * d * place, get(value), place)),
      ],
    ),
  ];
  return [
    ...set(token, int(layout.out)),
    ...set(i, int(0)),
    ...repeatWhile(i, 16, int(8 * (n - (n % 2))), [...some([0, 1]), ...advance(token, 16 * d)]),
    ...(n % 2 === 1 ? some([0]) : []),
  ];
}
