import {
  advance,
  type Code,
  get,
  int,
  type Locals,
  plus,
  repeat,
  repeatWhile,
  set,
} from "../../../probes/wasm/wasm-code.ts";
import { pair } from "../../../probes/wasm/wasm-pair.ts";
import type { SimdForm, SimdLayout } from "./simd-layout.ts";

/** What the parts of a kernel share while it is written. */
export interface SimdWriter {
  readonly form: SimdForm;
  readonly layout: SimdLayout;
  readonly locals: Locals;
  /** x ← 2^x, for one to four locals. */
  readonly power: (xs: readonly number[]) => Code;
  /** Bytes from a row's start to token i (even; at work with i + 1) and to token j (even). */
  readonly i: number;
  readonly j: number;
  /** −(β/2) log₂ e, twice. */
  readonly slope: number;
}

/** A pointer, where it starts, and its step from one coordinate to the next. */
export type CoordinatePointer = readonly [local: number, start: Code, step: number];

/** Coordinates written out one after the other before a loop takes over. */
const UNROLLED = 8;

/**
 * Does something for every coordinate.
 *
 * @param body - Writes coordinate k counted from where the pointers are.
 * @param together - Coordinates that `body` does at once; d must be a multiple of it.
 */
export function overCoordinates(
  { form: { d }, locals }: SimdWriter,
  pointers: readonly CoordinatePointer[],
  body: (k: number) => Code,
): Code {
  const some = (count: number): Code => Array.from({ length: count }, (_, k) => k).flatMap(body);
  const start = pointers.flatMap(([local, from]) => set(local, from));
  if (d <= 2 * UNROLLED) return [...start, ...some(d)];
  const counter = locals.take("i32");
  const group = [...some(UNROLLED), ...pointers.flatMap(([local, , step]) => advance(local, UNROLLED * step))];
  const loop = repeat(counter, UNROLLED, int(d - (d % UNROLLED)), group);
  return [...start, ...set(counter, int(0)), ...loop, ...some(d % UNROLLED)];
}

/**
 * Visits the pairs of tokens i and i + 1 with i + 1 and all later ones. Of the first two tokens j only the second is
 * new, and only to token i.
 *
 * @param visit - Writes the visit of `rows` of {i, i + 1} to the tokens `ahead` bytes after j, and their neighbours.
 * @param steps - 2: two visits at a time where there are two, so that one hides what the other waits for.
 */
export function overLaterTokens(
  { layout, i, j }: SimdWriter,
  visit: (rows: readonly number[], ahead: readonly number[], first: boolean) => Code,
  steps: 1 | 2,
): Code {
  return [
    ...set(j, get(i)),
    ...visit([0], [0], true),
    ...set(j, plus(get(i), int(16))),
    ...(steps === 2 ? repeatWhile(j, 32, int(layout.row - 16), visit([0, 1], [0, 16], false)) : []),
    ...repeatWhile(j, 16, int(layout.row), visit([0, 1], [0], false)),
  ];
}

/** log₂ of a pair's weight, j being `ahead` bytes on: slope · ‖θ_i − θ_j‖², plus the log masses. */
export function exponent({ form, layout, j, slope }: SimdWriter, squares: Code, bias: number, ahead = 0): Code {
  const score = pair.mul(squares, get(slope));
  return form.weighted ? pair.add(score, pair.add(get(bias), pair.load(get(j), layout.bias + ahead))) : score;
}

/** memory[pointer + address] ← memory[pointer + address] + or − every value. */
export function accumulate(
  pointer: number,
  address: number,
  values: readonly Code[],
  combine: (a: Code, b: Code) => Code,
): Code {
  return pair.store(get(pointer), address, values.reduce(combine, pair.load(get(pointer), address)));
}
