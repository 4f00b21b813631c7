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
export const RECURRENCE = 8;
const MOMENT = 32;
/** Bytes of the coefficients of a pair. */
export const COEFFICIENT = 40;

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
  const moments = recurrence + 16 * Math.ceil((RECURRENCE * pairs) / 16);
  const coefficients = moments + MOMENT * pairs;
  const blocks = coefficients + 16 * Math.ceil((COEFFICIENT * pairs) / 16);
  return { first, recurrence, moments, coefficients, blocks, end: blocks + BLOCK_BYTES * Math.ceil(n / BLOCK) };
}

/** The two passes as a module whose `run(0)` adds up the moments and `run(1)` writes Z and its gradient over the tokens. */
export function sphereProgram(plan: SpherePlan, layout: SphereLayout): Uint8Array<ArrayBuffer> {
  const locals = makeLocals(["i32"]);
  const passes = [momentPass, sumPass].map((write) => write(locals, plan, layout));
  // if (pass == 0) moments else sums
  const body = [...get(0), 0x45, 0x04, 0x40, ...passes[0], 0x05, ...passes[1], 0x0b];
  return wasmModule(["i32"], locals, body);
}

type MakeLocals = ReturnType<typeof makeLocals>;

const zero = pair.number(0);
const both = (make: (v: 0 | 1) => Code): Code => VECTORS.flatMap((v) => [...make(v)]);
const vectors = (locals: MakeLocals): Vectors => [locals.take("v128"), locals.take("v128")];

/** Variables of both vectors of a block. */
type Vectors = readonly [number, number];

/** The rows m = 0 … degree of a table of pairs, each from l = m on. */
interface Rows {
  /** Runs over the rows; `start` is done at the first pair of each, `afterRow` at its end. */
  readonly over: (start: Code, step: PairStep, afterRow: Code) => Code;
  /** Address of the current pair. */
  readonly at: number;
}

/** What is done at a pair. */
interface PairStep {
  /** With q_lm of the tokens, for the pair `ahead` pairs after the current one. */
  readonly each: (q: Vectors, ahead: number) => Code;
  /** Puts B of a pair into both places of a variable. */
  readonly factor: (ahead: number) => Code;
  /** Moves on what does not move by itself. */
  readonly move: (pairs: number) => Code;
}

/**
 * q_lm of l and l − 1 take turns in two variables, so that nothing is copied: two pairs a turn of the loop.
 *
 * @param twice - 2z of the tokens.
 */
function tableRows(
  locals: MakeLocals,
  { degree }: SpherePlan,
  layout: SphereLayout,
  twice: Vectors,
  table: number,
  bytes: number,
): Rows {
  const [at, first, end, length] = [0, 0, 0, 0].map(() => locals.take("i32"));
  const [p, before] = [vectors(locals), vectors(locals)];
  const b = locals.take("v128");
  const row = bytes * (degree + 1);
  const begin = [
    ...set(at, int(table)),
    ...set(first, int(layout.first)),
    ...set(length, int(row)),
    ...set(end, int(table + row)),
  ];
  const nextRow = [...advance(length, -bytes), ...set(end, plus(get(end), get(length)))];
  /** q ← 2z p − B q */
  const further = ({ factor, each }: PairStep, q: Vectors, from: Vectors, ahead: number): Code => [
    ...set(b, factor(ahead)),
    ...both((v) => set(q[v], pair.sub(pair.mul(get(twice[v]), get(from[v])), pair.mul(get(b), get(q[v]))))),
    ...each(q, ahead),
  ];
  const over: Rows["over"] = (start, step, afterRow) => [
    ...begin,
    ...repeat(first, 8, int(layout.first + 8 * (degree + 1)), [
      ...both((v) => [...set(p[v], pair.loadTwice(get(first), 0)), ...set(before[v], zero)]),
      ...start,
      ...step.each(p, 0),
      ...step.move(1),
      ...advance(at, bytes),
      ...repeatWhile(at, 2 * bytes, plus(get(end), int(-bytes)), [
        ...further(step, before, p, 0),
        ...further(step, p, before, 1),
        ...step.move(2),
      ]),
      // At most one pair is left.
      ...repeatWhile(at, bytes, get(end), [...further(step, before, p, 0), ...step.move(1)]),
      ...afterRow,
      ...nextRow,
    ]),
  ];
  return { over, at };
}

/** moments[m, l] += Σ mass q_lm(z) (x + iy)^m over all blocks. */
function momentPass(locals: MakeLocals, plan: SpherePlan, layout: SphereLayout): Code {
  const block = locals.take("i32");
  const table = locals.take("i32");
  const [twice, c, s] = [0, 0, 0].map(() => vectors(locals));
  const rows = tableRows(locals, plan, layout, twice, layout.moments, MOMENT);
  const scratch = locals.take("v128");
  const add = (offset: number, factor: Vectors, q: Vectors): Code =>
    pair.store(
      get(rows.at),
      offset,
      pair.add(
        pair.load(get(rows.at), offset),
        pair.add(pair.mul(get(factor[0]), get(q[0])), pair.mul(get(factor[1]), get(q[1]))),
      ),
    );
  const step: PairStep = {
    each: (q, ahead) => [...add(MOMENT * ahead, c, q), ...add(MOMENT * ahead + 16, s, q)],
    factor: (ahead) => pair.loadTwice(get(table), RECURRENCE * ahead),
    move: (pairs) => advance(table, RECURRENCE * pairs),
  };
  return [
    ...set(block, int(layout.blocks)),
    ...repeat(block, BLOCK_BYTES, int(layout.end), [
      ...loadTwiceZ(block, twice),
      ...both((v) => [...set(c[v], pair.load(get(block), 96 + 16 * v)), ...set(s[v], zero)]),
      ...set(table, int(layout.recurrence)),
      ...rows.over(
        [],
        step,
        both((v) => rotate(block, v, c[v], s[v], scratch)),
      ),
    ]),
  ];
}

function loadTwiceZ(block: number, twice: Vectors): Code {
  const z = (v: 0 | 1): Code => pair.load(get(block), 64 + 16 * v);
  return both((v) => set(twice[v], pair.add(z(v), z(v))));
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
function sumPass(locals: MakeLocals, plan: SpherePlan, layout: SphereLayout): Code {
  const block = locals.take("i32");
  const [twice, c, s, cBefore, sBefore] = [0, 0, 0, 0, 0].map(() => vectors(locals));
  const rows = tableRows(locals, plan, layout, twice, layout.coefficients, COEFFICIENT);
  const sums = [0, 0, 0, 0].map(() => vectors(locals));
  const totals = [0, 0, 0, 0].map(() => vectors(locals));
  const scratch = locals.take("v128");
  const m = locals.take("v128");
  const [cosine, sine, cosineSlope, sineSlope] = sums;
  const [value, dx, dy, dz] = totals;

  const step: PairStep = {
    each: (q, ahead) =>
      sums.flatMap((sum, k) => [
        ...set(scratch, pair.loadTwice(get(rows.at), COEFFICIENT * ahead + 8 + 8 * k)),
        ...both((v) => set(sum[v], pair.add(get(sum[v]), pair.mul(get(scratch), get(q[v]))))),
      ]),
    factor: (ahead) => pair.loadTwice(get(rows.at), COEFFICIENT * ahead),
    move: () => [],
  };
  const start = both((v) => sums.flatMap((sum) => [...set(sum[v], zero)]));
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
      ...rotate(block, v, c[v], s[v], scratch),
    ]),
    ...set(m, pair.add(get(m), pair.number(1))),
  ];
  return [
    ...set(block, int(layout.blocks)),
    ...repeat(block, BLOCK_BYTES, int(layout.end), [
      ...loadTwiceZ(block, twice),
      ...both((v) => [
        ...set(c[v], pair.number(1)),
        ...[s[v], cBefore[v], sBefore[v], ...totals.map((total) => total[v])].flatMap((local) => [...set(local, zero)]),
      ]),
      ...set(m, zero),
      ...rows.over(start, step, afterRow),
      ...both((v) => totals.flatMap((total, k) => [...pair.store(get(block), 32 * k + 16 * v, get(total[v]))])),
    ]),
  ];
}
