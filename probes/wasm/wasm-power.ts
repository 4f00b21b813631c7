import { type Code, get, type Locals, set } from "./wasm-code.ts";
import { pair } from "./wasm-pair.ts";

/** (2^f − 1)/f for |f| ≤ 1/2: through its values at eleven Chebyshev nodes; 2^f comes out within 1e-17 of itself. */
const TAIL = [
  Math.LN2,
  0.24022650695910097,
  0.0555041086648216,
  0.009618129107606802,
  0.001333355814641689,
  0.00015403530441881376,
  1.5252733829913582e-5,
  1.3215442499383303e-6,
  1.017806239865239e-7,
  7.072603648460136e-9,
  4.4549700323138963e-10,
] as const;

/** Adding it rounds to a whole number, which its lowest bits then are. */
const ROUNDER = 1.5 * 2 ** 52;

/** Below, 2^x is no normal number and counts as 0. */
export const LEAST_POWER = -1022;

/**
 * 2^x for several pairs of numbers x ≤ 1023 at once, in place, in some thirty instructions a pair: x = k + f with k
 * whole, a polynomial in f, and k added to the exponent. 0 below −1022. Steps of different pairs are written side by
 * side, and the polynomial by halves, not by Horner: what costs is steps that wait for each other.
 *
 * @param most - Pairs of numbers in a call, at most.
 */
export function pairPower(locals: Locals, most: number): (xs: readonly number[]) => Code {
  const take = () => Array.from({ length: most }, () => locals.take("v128"));
  const [whole, f, f2, f4, low, high, line] = Array.from({ length: 7 }, take);
  const shared = locals.take("v128");
  return (xs) => {
    const each = (write: (r: number) => Code): Code => xs.flatMap((_, r) => write(r));
    const using = (value: number, write: (r: number, constant: Code) => Code): Code => [
      ...set(shared, pair.number(value)),
      ...each((r) => write(r, get(shared))),
    ];
    const linear = (target: readonly number[], i: number): Code => [
      ...using(TAIL[i + 1], (r, c) => set(target[r], pair.mul(get(f[r]), c))),
      ...using(TAIL[i], (r, c) => set(target[r], pair.add(get(target[r]), c))),
    ];
    const addTimes = (target: readonly number[], factor: readonly number[], more: (r: number) => Code): Code =>
      each((r) => set(target[r], pair.add(get(target[r]), pair.mul(get(factor[r]), more(r)))));
    return [
      ...using(ROUNDER, (r, c) => [
        ...set(whole[r], pair.add(get(xs[r]), c)),
        ...set(f[r], pair.sub(get(xs[r]), pair.sub(get(whole[r]), c))),
      ]),
      ...each((r) => set(f2[r], pair.mul(get(f[r]), get(f[r])))),
      ...each((r) => set(f4[r], pair.mul(get(f2[r]), get(f2[r])))),
      ...linear(high, 8),
      ...addTimes(high, f2, () => pair.number(TAIL[10])),
      ...linear(low, 4),
      ...linear(line, 6),
      ...addTimes(low, f2, (r) => get(line[r])),
      ...addTimes(low, f4, (r) => get(high[r])),
      ...linear(high, 0),
      ...linear(line, 2),
      ...addTimes(high, f2, (r) => get(line[r])),
      ...addTimes(high, f4, (r) => get(low[r])),
      ...using(1, (r, c) => set(low[r], pair.add(pair.mul(get(high[r]), get(f[r])), c))),
      ...each((r) => set(low[r], pair.addBits(get(low[r]), pair.shiftLeft(get(whole[r]), 52)))),
      ...using(LEAST_POWER, (r, c) => set(xs[r], pair.and(get(low[r]), pair.notBelow(get(xs[r]), c)))),
    ];
  };
}
