import { type Code, get, set } from "../../../probes/wasm/wasm-code.ts";
import { pair } from "../../../probes/wasm/wasm-pair.ts";
import { accumulate, exponent, overLaterTokens, type SimdWriter } from "./simd-writer.ts";

/**
 * Adds up the pairs of tokens i and i + 1 with later ones, everything about the two in registers: for few
 * coordinates.
 */
export function pairsInRegisters(writer: SimdWriter): Code {
  const { form, layout, locals, i, j } = writer;
  const coordinates = Array.from({ length: form.d }, (_, k) => k);
  const two = (): number[] => [locals.take("v128"), locals.take("v128")];
  const vectors = (): number[][] => [0, 1].map(() => coordinates.map(() => locals.take("v128")));
  const [own, sums] = [vectors(), vectors()];
  const [total, bias] = [two(), two()];
  /** Of one step and of the next. */
  const [weights, differences] = [
    [two(), two()],
    [vectors(), vectors()],
  ];
  const there = locals.take("v128");
  const theta = (k: number) => layout.theta + k * layout.stride;
  const field = (k: number) => layout.field + k * layout.stride;

  const visit = (rows: readonly number[], ahead: readonly number[], first: boolean): Code => [
    ...ahead.flatMap((bytes, step) => weigh(rows, bytes, step)),
    ...writer.power(ahead.flatMap((_, step) => rows.map((r) => weights[step][r]))),
    ...(first ? set(weights[0][0], pair.and(get(weights[0][0]), pair.secondOnly)) : []),
    ...ahead.flatMap((bytes, step) => gather(rows, bytes, step)),
  ];
  const weigh = (rows: readonly number[], bytes: number, step: number): Code => [
    ...coordinates.flatMap((k) => [
      ...set(there, pair.load(get(j), theta(k) + bytes)),
      ...rows.flatMap((r) => set(differences[step][r][k], pair.sub(get(there), get(own[r][k])))),
    ]),
    ...rows.flatMap((r) => set(weights[step][r], exponent(writer, sumOfSquares(differences[step][r]), bias[r], bytes))),
  ];
  const gather = (rows: readonly number[], bytes: number, step: number): Code => {
    const weight = (r: number): Code => get(weights[step][r]);
    const part = (r: number, k: number): number => differences[step][r][k];
    return [
      ...(form.softmax ? rows.flatMap((r) => set(total[r], pair.add(get(total[r]), weight(r)))) : []),
      ...(form.softmax ? accumulate(j, layout.divisors + bytes, rows.map(weight), pair.add) : []),
      ...coordinates.flatMap((k) => [
        ...rows.flatMap((r) => [
          ...set(part(r, k), pair.mul(get(part(r, k)), weight(r))),
          ...set(sums[r][k], pair.add(get(sums[r][k]), get(part(r, k)))),
        ]),
        ...accumulate(
          j,
          field(k) + bytes,
          rows.map((r) => get(part(r, k))),
          pair.sub,
        ),
      ]),
    ];
  };
  const begin = (r: number): Code => [
    ...coordinates.flatMap((k) => [
      ...set(own[r][k], pair.loadTwice(get(i), theta(k) + 8 * r)),
      ...set(sums[r][k], pair.number(0)),
    ]),
    ...set(total[r], pair.number(0)),
    ...(form.weighted ? set(bias[r], pair.loadTwice(get(i), layout.bias + 8 * r)) : []),
  ];
  return [
    ...begin(0),
    ...begin(1),
    ...overLaterTokens(writer, visit, 2),
    ...coordinates.flatMap((k) => accumulate(i, field(k), [pair.sums(get(sums[0][k]), get(sums[1][k]))], pair.add)),
    ...(form.softmax ? accumulate(i, layout.divisors, [pair.sums(get(total[0]), get(total[1]))], pair.add) : []),
  ];
}

const sumOfSquares = (locals: readonly number[]): Code =>
  locals.map((local) => pair.mul(get(local), get(local))).reduce((sum, next) => pair.add(sum, next));
