import {
  advance,
  type Code,
  get,
  int,
  makeLocals,
  plus,
  repeat,
  repeatWhile,
  set,
  wasmModule,
} from "../../../probes/wasm/wasm-code.ts";
import { pair } from "../../../probes/wasm/wasm-pair.ts";
import type { SpherePlan } from "./sphere-plan.ts";

/** Tokens side by side: two vectors of two, whose recurrences hide each other's latency. */
export const BLOCK = 4;
/** Bytes of a block: x, y, z and the mass of its tokens, later Z and its gradient. */
const BLOCK_BYTES = 128;
const VECTORS = [0, 1] as const;
/** Bytes of a pair (m, l) in the recurrence's table, the moments (two lanes of cos and sin) and the coefficients. */
export const RECURRENCE = 16;
const MOMENT = 32;
/** Bytes of the coefficients of a pair. */
export const COEFFICIENT = 48;

/** Byte addresses of what the program reads and writes, and where the last ends. */
export interface SphereLayout {
  readonly first: number;
  readonly recurrence: number;
  readonly moments: number;
  readonly coefficients: number;
  readonly blocks: number;
  readonly end: number;
}

/** For n tokens. */
export function sphereLayout({ degree, pairs }: SpherePlan, n: number): SphereLayout {
  const first = 0;
  const recurrence = 16 * Math.ceil((degree + 1) / 2);
  const moments = recurrence + RECURRENCE * pairs;
  const coefficients = moments + MOMENT * pairs;
  const blocks = coefficients + COEFFICIENT * pairs;
  return { first, recurrence, moments, coefficients, blocks, end: blocks + BLOCK_BYTES * Math.ceil(n / BLOCK) };
}

/** The two passes as a module whose `run(0)` adds up the moments and `run(1)` writes Z and its gradient over the tokens. */
export function sphereProgram({ degree }: SpherePlan, layout: SphereLayout): Uint8Array<ArrayBuffer> {
  const locals = makeLocals(["i32"]);
  const passes = [momentPass, sumPass].map((write) => write(locals, degree, layout));
  // if (pass == 0) moments else sums
  const body = [...get(0), 0x45, 0x04, 0x40, ...passes[0], 0x05, ...passes[1], 0x0b];
  return wasmModule(["i32"], locals, body);
}

type MakeLocals = ReturnType<typeof makeLocals>;

const zero = pair.number(0);
const both = (make: (v: 0 | 1) => Code): Code => VECTORS.flatMap((v) => [...make(v)]);
const vectors = (locals: MakeLocals): readonly [number, number] => [locals.take("v128"), locals.take("v128")];

/** The rows m = 0 … degree of a table of pairs, each from l = m on. */
interface Rows {
  /** Runs over the rows; `each` is done at the first pair, `further` before every later one and then `each` again. */
  readonly over: (start: Code, each: Code, further: Code, afterRow: Code) => Code;
  /** Address of the current pair. */
  readonly at: number;
  /** Address of Q_mm. */
  readonly first: number;
}

function tableRows(locals: MakeLocals, degree: number, layout: SphereLayout, table: number, bytes: number): Rows {
  const [at, first, end, length] = [0, 0, 0, 0].map(() => locals.take("i32"));
  const row = bytes * (degree + 1);
  const begin = [
    ...set(at, int(table)),
    ...set(first, int(layout.first)),
    ...set(length, int(row)),
    ...set(end, int(table + row)),
  ];
  const nextRow = [...advance(length, -bytes), ...set(end, plus(get(end), get(length)))];
  const over: Rows["over"] = (start, each, further, afterRow) => [
    ...begin,
    ...repeat(first, 8, int(layout.first + 8 * (degree + 1)), [
      ...start,
      ...each,
      ...advance(at, bytes),
      ...repeatWhile(at, bytes, get(end), [...further, ...each]),
      ...afterRow,
      ...nextRow,
    ]),
  ];
  return { over, at, first };
}

/** p ← a z p − b p_before, for both vectors, with a and b from `address`. */
function recurrence(
  address: Code,
  z: readonly number[],
  p: readonly number[],
  before: readonly number[],
  [a, b, next]: readonly number[],
): Code {
  return [
    ...set(a, pair.loadTwice(address, 0)),
    ...set(b, pair.loadTwice(address, 8)),
    ...both((v) => [
      ...set(next, pair.sub(pair.mul(pair.mul(get(a), get(z[v])), get(p[v])), pair.mul(get(b), get(before[v])))),
      ...set(before[v], get(p[v])),
      ...set(p[v], get(next)),
    ]),
  ];
}

/** moments[m, l] += Σ mass Q_lm(z) (x + iy)^m over all blocks. */
function momentPass(locals: MakeLocals, degree: number, layout: SphereLayout): Code {
  const block = locals.take("i32");
  const table = locals.take("i32");
  const rows = tableRows(locals, degree, layout, layout.moments, MOMENT);
  const [z, p, before, c, s] = [0, 0, 0, 0, 0].map(() => vectors(locals));
  const scratch = [0, 0, 0].map(() => locals.take("v128"));
  const add = (offset: number, factor: readonly number[]): Code =>
    pair.store(
      get(rows.at),
      offset,
      pair.add(
        pair.load(get(rows.at), offset),
        pair.add(pair.mul(get(factor[0]), get(p[0])), pair.mul(get(factor[1]), get(p[1]))),
      ),
    );
  const each = [...add(0, c), ...add(16, s), ...advance(table, RECURRENCE)];
  const start = both((v) => [...set(p[v], pair.loadTwice(get(rows.first), 0)), ...set(before[v], zero)]);
  const further = recurrence(get(table), z, p, before, scratch);
  const afterRow = both((v) => rotate(block, v, c[v], s[v], scratch[0]));
  return [
    ...set(block, int(layout.blocks)),
    ...repeat(block, BLOCK_BYTES, int(layout.end), [
      ...both((v) => [
        ...set(z[v], pair.load(get(block), 64 + 16 * v)),
        ...set(c[v], pair.load(get(block), 96 + 16 * v)),
        ...set(s[v], zero),
      ]),
      ...set(table, int(layout.recurrence)),
      ...rows.over(start, each, further, afterRow),
    ]),
  ];
}

/** c + is ← (c + is)(x + iy). */
function rotate(block: number, v: 0 | 1, c: number, s: number, scratch: number): Code {
  const [x, y] = [pair.load(get(block), 16 * v), pair.load(get(block), 32 + 16 * v)];
  return [
    ...set(scratch, pair.sub(pair.mul(get(c), x), pair.mul(get(s), y))),
    ...set(s, pair.add(pair.mul(get(c), y), pair.mul(get(s), x))),
    ...set(c, get(scratch)),
  ];
}

/** Z and its gradient at the tokens of all blocks, written over their places. */
function sumPass(locals: MakeLocals, degree: number, layout: SphereLayout): Code {
  const block = locals.take("i32");
  const rows = tableRows(locals, degree, layout, layout.coefficients, COEFFICIENT);
  const [z, p, before, c, s, cBefore, sBefore] = [0, 0, 0, 0, 0, 0, 0].map(() => vectors(locals));
  const sums = [0, 0, 0, 0].map(() => vectors(locals));
  const totals = [0, 0, 0, 0].map(() => vectors(locals));
  const scratch = [0, 0, 0].map(() => locals.take("v128"));
  const m = locals.take("v128");
  const [cosine, sine, cosineSlope, sineSlope] = sums;
  const [value, dx, dy, dz] = totals;

  const each = sums.flatMap((sum, k) => [
    ...set(scratch[0], pair.loadTwice(get(rows.at), 16 + 8 * k)),
    ...both((v) => set(sum[v], pair.add(get(sum[v]), pair.mul(get(scratch[0]), get(p[v]))))),
  ]);
  const start = both((v) => [
    ...set(p[v], pair.loadTwice(get(rows.first), 0)),
    ...set(before[v], zero),
    ...sums.flatMap((sum) => [...set(sum[v], zero)]),
  ]);
  const product = (a: number, b: number): Code => pair.mul(get(a), get(b));
  const addTo = (total: number, more: Code): Code => set(total, pair.add(get(total), more));
  const afterRow = [
    ...both((v) => [
      ...addTo(value[v], pair.add(product(c[v], cosine[v]), product(s[v], sine[v]))),
      ...addTo(dx[v], pair.mul(get(m), pair.add(product(cBefore[v], cosine[v]), product(sBefore[v], sine[v])))),
      ...addTo(dy[v], pair.mul(get(m), pair.sub(product(cBefore[v], sine[v]), product(sBefore[v], cosine[v])))),
      ...addTo(dz[v], pair.add(product(cBefore[v], cosineSlope[v]), product(sBefore[v], sineSlope[v]))),
      ...set(cBefore[v], get(c[v])),
      ...set(sBefore[v], get(s[v])),
      ...rotate(block, v, c[v], s[v], scratch[0]),
    ]),
    ...set(m, pair.add(get(m), pair.number(1))),
  ];
  return [
    ...set(block, int(layout.blocks)),
    ...repeat(block, BLOCK_BYTES, int(layout.end), [
      ...both((v) => [
        ...set(z[v], pair.load(get(block), 64 + 16 * v)),
        ...set(c[v], pair.number(1)),
        ...[s[v], cBefore[v], sBefore[v], ...totals.map((total) => total[v])].flatMap((local) => [...set(local, zero)]),
      ]),
      ...set(m, zero),
      ...rows.over(start, each, recurrence(get(rows.at), z, p, before, scratch), afterRow),
      ...both((v) => totals.flatMap((total, k) => [...pair.store(get(block), 32 * k + 16 * v, get(total[v]))])),
    ]),
  ];
}
