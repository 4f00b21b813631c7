import { type Code, leb } from "./wasm-code.ts";

const simd = (opcode: number): Code => [0xfd, ...leb(opcode)];
/** At multiples of four bytes. */
const HERE: Code = [2, 0];

/** Four whole numbers of 32 bits side by side: instructions of WebAssembly SIMD. */
export const four = {
  load: (address: Code): Code => [...address, ...simd(0x00), ...HERE],
  store: (address: Code, value: Code): Code => [...address, ...value, ...simd(0x0b), ...HERE],
  add: (a: Code, b: Code): Code => [...a, ...b, ...simd(0xae)],
} as const;
