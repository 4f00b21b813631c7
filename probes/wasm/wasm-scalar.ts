import type { Code } from "./wasm-code.ts";

const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code => [...a, ...b, opcode];
const load =
  (opcode: number, align: number) =>
  (address: Code): Code => [...address, opcode, align, 0];
const store =
  (opcode: number, align: number) =>
  (address: Code, value: Code): Code => [...address, ...value, opcode, align, 0];

/** One float64. */
export const float = {
  load: load(0x2b, 3),
  store: store(0x39, 3),
  sub: binary(0xa1),
  mul: binary(0xa2),
  /** Without its fraction, as a whole number of 32 bits; what is none ends the run. */
  whole: (a: Code): Code => [...a, 0xaa],
} as const;

/** One whole number of 32 bits. */
export const word = {
  load: load(0x28, 2),
  store: store(0x36, 2),
  and: binary(0x71),
  left: binary(0x74),
  /** To the right, 0 from the left. */
  right: binary(0x76),
} as const;
