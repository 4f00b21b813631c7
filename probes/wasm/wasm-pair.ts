import { type Code, int, leb } from "./wasm-code.ts";

const simd = (opcode: number): Code => [0xfd, ...leb(opcode)];
const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code => [...a, ...b, ...simd(opcode)];

/** A memory instruction at `address` and a constant offset in bytes; numbers of 8 bytes lie on multiples of 8. */
const at = (opcode: number, address: Code, offset: number, value: Code = []): Code => [
  ...address,
  ...value,
  ...simd(opcode),
  3,
  ...leb(offset),
];

/** Eight bytes from `first` and eight from `second` of the thirty-two of two operands. */
const shuffle = (first: number, second: number): Code => [
  ...simd(0x0d),
  ...[first, second].flatMap((from) => Array.from({ length: 8 }, (_, b) => from + b)),
];

const constant = (bytes: ArrayBufferLike): Code => [...simd(0x0c), ...new Uint8Array(bytes)];

/** Two float64 side by side: instructions of WebAssembly SIMD. */
export const pair = {
  load: (address: Code, offset: number): Code => at(0x00, address, offset),
  /** One number, twice. */
  loadTwice: (address: Code, offset: number): Code => at(0x0a, address, offset),
  /** Puts a number from memory into the second place of `into`. */
  loadSecond: (address: Code, offset: number, into: Code): Code => [...at(0x57, address, offset, into), 1],
  store: (address: Code, offset: number, value: Code): Code => at(0x0b, address, offset, value),
  /** Writes one of the two numbers. */
  storeOne: (address: Code, offset: number, value: Code, place: 0 | 1): Code => [
    ...at(0x5b, address, offset, value),
    place,
  ],
  twice: (value: Code): Code => [...value, ...simd(0x14)],
  number: (value: number): Code => constant(Float64Array.of(value, value).buffer),
  /** All bits of the second number, none of the first. */
  secondOnly: constant(BigInt64Array.of(0n, -1n).buffer),
  add: binary(0xf0),
  sub: binary(0xf1),
  mul: binary(0xf2),
  div: binary(0xf3),
  sqrt: (a: Code): Code => [...a, ...simd(0xef)],
  /** All bits where a ≥ b, none elsewhere. */
  notBelow: binary(0x4c),
  and: binary(0x4e),
  /** Sum as whole numbers of 64 bits. */
  addBits: binary(0xce),
  /** Sum as four whole numbers of 32 bits. */
  addWords: binary(0xae),
  shiftLeft: (a: Code, bits: number): Code => [...a, ...int(bits), ...simd(0xcb)],
  /** a₀ + a₁ and b₀ + b₁. */
  sums: (a: Code, b: Code): Code => pair.add([...a, ...b, ...shuffle(0, 16)], [...a, ...b, ...shuffle(8, 24)]),
} as const;
