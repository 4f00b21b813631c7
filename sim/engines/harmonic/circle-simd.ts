import { type Code, get, int, makeLocals, repeat, set, wasmModule } from "../../../probes/wasm/wasm-code.ts";
import { pair } from "../../../probes/wasm/wasm-pair.ts";
import { compileWasm, startWasm } from "../../../probes/wasm/wasm-runtime.ts";
import type { CircleSums } from "./circle-harmonics.ts";

/** Tokens side by side: two vectors of two, whose recurrences hide each other's latency. */
const BLOCK = 4;
/** Numbers of a block, four each: x, y and the mass of its tokens, later Z and Z'/β in place of x and y. */
const BLOCK_NUMBERS = 12;
/** Bytes of a harmonic in the moments (two lanes of cos and sin) and in the sums' coefficients, four. */
const ROW = 32;

/** First pass (0) or second (1) over the blocks. */
type Run = (pass: number) => void;

/**
 * As `circleSums`, two float64 at a time by WebAssembly, for clouds of n tokens.
 *
 * @param table - `circleTable(kernel, beta)`.
 */
export function circleSumsInSimd(table: Float64Array, n: number): CircleSums {
  const count = table.length / 2;
  const blocksAt = 2 * ROW * count;
  const bytes = blocksAt + 8 * BLOCK_NUMBERS * Math.ceil(n / BLOCK);
  const { numbers, run } = startWasm<Run>(compileWasm(circleProgram(count, bytes)), bytes);
  const moments = numbers.subarray(0, 4 * count);
  const coefficients = numbers.subarray(4 * count, 8 * count);
  const blocks = numbers.subarray(8 * count, bytes / 8);
  return (x, masses, out) => {
    writeBlocks(x, masses, blocks);
    moments.fill(0);
    run(0);
    weigh(table, moments, coefficients);
    run(1);
    for (let i = 0; i < n; i++) {
      const at = Math.floor(i / BLOCK) * BLOCK_NUMBERS + (i % BLOCK);
      out[2 * i] = blocks[at];
      out[2 * i + 1] = blocks[at + BLOCK];
    }
  };
}

/** The last block is filled up with tokens of no mass. */
function writeBlocks(x: Float64Array, masses: Float64Array, blocks: Float64Array): void {
  const n = masses.length;
  for (let i = 0; i < blocks.length / 3; i++) {
    const at = Math.floor(i / BLOCK) * BLOCK_NUMBERS + (i % BLOCK);
    blocks[at] = i < n ? x[2 * i] : 1;
    blocks[at + BLOCK] = i < n ? x[2 * i + 1] : 0;
    blocks[at + 2 * BLOCK] = i < n ? masses[i] : 0;
  }
}

/** Real and imaginary moments, added over lanes, times the weights in Z and in Z'/β. */
function weigh(table: Float64Array, moments: Float64Array, coefficients: Float64Array): void {
  for (let k = 0; k < table.length / 2; k++) {
    const re = moments[4 * k] + moments[4 * k + 1];
    const im = moments[4 * k + 2] + moments[4 * k + 3];
    coefficients[4 * k] = table[2 * k] * re;
    coefficients[4 * k + 1] = table[2 * k] * im;
    coefficients[4 * k + 2] = table[2 * k + 1] * re;
    coefficients[4 * k + 3] = table[2 * k + 1] * im;
  }
}

/** The two passes as a module whose `run(0)` adds up the moments and `run(1)` writes the sums over the tokens. */
function circleProgram(count: number, end: number): Uint8Array<ArrayBuffer> {
  const locals = makeLocals(["i32"]);
  const [block, row] = [locals.take("i32"), locals.take("i32")];
  const vectors = () => [locals.take("v128"), locals.take("v128")] as const;
  const [x, y, p, q, value, slope] = [0, 0, 0, 0, 0, 0].map(vectors);
  const next = locals.take("v128");
  const factors = [0, 0, 0, 0].map(() => locals.take("v128"));
  const both = (make: (v: 0 | 1) => Code): Code => [...make(0), ...make(1)];
  const product = (a: number, b: number): Code => pair.mul(get(a), get(b));

  const load = both((v) => [
    ...set(x[v], pair.load(get(block), 16 * v)),
    ...set(y[v], pair.load(get(block), 32 + 16 * v)),
    ...set(q[v], pair.number(0)),
  ]);
  // p + iq ← (p + iq)(x + iy)
  const rotate = both((v) => [
    ...set(next, pair.sub(product(p[v], x[v]), product(q[v], y[v]))),
    ...set(q[v], pair.add(product(p[v], y[v]), product(q[v], x[v]))),
    ...set(p[v], get(next)),
  ]);
  const addMoment = (offset: number, [a, b]: readonly number[]): Code =>
    pair.store(get(row), offset, pair.add(pair.load(get(row), offset), pair.add(get(a), get(b))));
  const addTo = (sum: number, more: Code): Code => set(sum, pair.add(get(sum), more));
  const overBlocks = (body: Code): Code => [
    ...set(block, int(2 * ROW * count)),
    ...repeat(block, 8 * BLOCK_NUMBERS, int(end), body),
  ];
  const overRows = (from: number, body: Code): Code => [
    ...set(row, int(from)),
    ...repeat(row, ROW, int(from + ROW * count), body),
  ];

  const momentPass = overBlocks([
    ...load,
    ...both((v) => set(p[v], pair.load(get(block), 64 + 16 * v))),
    ...overRows(0, [...addMoment(0, p), ...addMoment(16, q), ...rotate]),
  ]);
  const sumPass = overBlocks([
    ...load,
    ...both((v) => [...set(p[v], pair.number(1)), ...set(value[v], pair.number(0)), ...set(slope[v], pair.number(0))]),
    ...overRows(ROW * count, [
      ...factors.flatMap((factor, k) => [...set(factor, pair.loadTwice(get(row), 8 * k))]),
      ...both((v) => [
        ...addTo(value[v], pair.add(product(p[v], factors[0]), product(q[v], factors[1]))),
        ...addTo(slope[v], pair.sub(product(p[v], factors[3]), product(q[v], factors[2]))),
      ]),
      ...rotate,
    ]),
    ...both((v) => [
      ...pair.store(get(block), 16 * v, get(value[v])),
      ...pair.store(get(block), 32 + 16 * v, get(slope[v])),
    ]),
  ]);
  return wasmModule(["i32"], locals, [...get(0), 0x45, 0x04, 0x40, ...momentPass, 0x05, ...sumPass, 0x0b]);
}
