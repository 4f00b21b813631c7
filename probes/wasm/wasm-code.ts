/** WebAssembly instructions as bytes. Operands come first, as on the stack machine. */
export type Code = readonly number[];

/** Of a number on the stack or in a variable; `v128` holds two float64. */
export type ValueType = "f64" | "i32" | "v128";

const TYPE_BYTE: Readonly<Record<ValueType, number>> = { f64: 0x7c, i32: 0x7f, v128: 0x7b };

/** A whole number of 32 bits in seven bits a byte; `signed` as constants want it. */
export function leb(value: number, signed = false): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest = signed ? rest >> 7 : rest >>> 7;
    const done = signed ? rest === -(low >> 6) : rest === 0;
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

/** The value of a variable, by its place. */
export const get = (local: number): Code => [0x20, ...leb(local)];
/** local ← value. */
export const set = (local: number, value: Code): Code => [...value, 0x21, ...leb(local)];
/** A constant of 32 bits. */
export const int = (value: number): Code => [0x41, ...leb(value, true)];
/** a + b, of 32 bits. */
export const plus = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
/** a · b, of 32 bits. */
export const times = (a: Code, b: Code): Code => [...a, ...b, 0x6c];
/** local ← local + step. */
export const advance = (local: number, step: number): Code => set(local, plus(get(local), int(step)));

/** `do { body; counter += step } while (counter < end)`. */
export const repeat = (counter: number, step: number, end: Code, body: Code): Code => [
  ...[0x03, 0x40],
  ...body,
  ...advance(counter, step),
  ...[...get(counter), ...end, 0x48],
  ...[0x0d, 0x00, 0x0b],
];

/** `while (counter < end) { body; counter += step }`. */
export const repeatWhile = (counter: number, step: number, end: Code, body: Code): Code => [
  ...[...get(counter), ...end, 0x48],
  ...[0x04, 0x40, ...repeat(counter, step, end, body), 0x0b],
];

/** Sets `bytes` from `address` to 0. */
export const clear = (address: number, bytes: number): Code => [
  ...[...int(address), ...int(0), ...int(bytes)],
  ...[0xfc, ...leb(11), 0],
];

/** Copies `bytes`. */
export const copy = (to: number, from: number, bytes: number): Code => [
  ...[...int(to), ...int(from), ...int(bytes)],
  ...[0xfc, ...leb(10), 0, 0],
];

/** The variables of one function: arguments first, then what it takes as it is written. */
export interface Locals {
  readonly take: (type: ValueType) => number;
  readonly taken: readonly ValueType[];
}

/** The variables of a function that has arguments of these types. */
export function makeLocals(args: readonly ValueType[]): Locals {
  const taken: ValueType[] = [...args];
  return { take: (type) => taken.push(type) - 1, taken };
}

/** A module with a memory that it imports as `env.memory` and one function without result, exported as `run`. */
export function wasmModule(args: readonly ValueType[], locals: Locals, body: Code): Uint8Array<ArrayBuffer> {
  const types = locals.taken.slice(args.length).flatMap((type) => [1, TYPE_BYTE[type]]);
  const code = [...leb(locals.taken.length - args.length), ...types, ...body, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, args.length, ...args.map((type) => TYPE_BYTE[type]), 0]),
    ...section(2, [1, ...text("env"), ...text("memory"), 0x02, 0x00, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text("run"), 0x00, 0]),
    ...section(10, [1, ...leb(code.length), ...code]),
  ]);
}

const text = (value: string): number[] => [value.length, ...new TextEncoder().encode(value)];
const section = (id: number, content: Code): number[] => [id, ...leb(content.length), ...content];
