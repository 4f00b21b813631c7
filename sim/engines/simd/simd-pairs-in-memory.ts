import { advance, type Code, get, int, plus, repeat, set } from "../../../probes/wasm/wasm-code.ts";
import { pair } from "../../../probes/wasm/wasm-pair.ts";
import { accumulate, exponent, overCoordinates, overLaterTokens, type SimdWriter } from "./simd-writer.ts";

/** Adds up the pairs of tokens i and i + 1 with later ones, first all weights, then one coordinate after the other. */
export function pairsInMemory(writer: SimdWriter): Code {
  return [...weights(writer), ...gather(writer)];
}

/** Weights of the two tokens into memory, their sums into the divisors. */
function weights(writer: SimdWriter): Code {
  const { form, layout, locals, i, j } = writer;
  const two = (): number[] => [locals.take("v128"), locals.take("v128")];
  const [even, odd, total, bias] = [two(), two(), two(), two()];
  const [mine, theirs] = [locals.take("i32"), locals.take("i32")];
  const [there, difference] = [locals.take("v128"), locals.take("v128")];
  const theta = (k: number) => layout.theta + k * layout.stride;
  const visit = (rows: readonly number[], _ahead: readonly number[], first: boolean): Code => [
    ...[even, odd].flatMap((sums) => rows.flatMap((r) => set(sums[r], pair.number(0)))),
    ...overCoordinates(
      writer,
      [
        [mine, get(i), layout.stride],
        [theirs, get(j), layout.stride],
      ],
      (k) => [
        ...set(there, pair.load(get(theirs), theta(k))),
        ...rows.flatMap((r) => {
          // Two sums by turns: one addition need not wait for the last.
          const sum = (k % 2 === 0 ? even : odd)[r];
          return [
            ...set(difference, pair.sub(get(there), pair.loadTwice(get(mine), theta(k) + 8 * r))),
            ...set(sum, pair.add(get(sum), pair.mul(get(difference), get(difference)))),
          ];
        }),
      ],
    ),
    ...rows.flatMap((r) => set(even[r], exponent(writer, pair.add(get(even[r]), get(odd[r])), bias[r]))),
    ...writer.power(rows.map((r) => even[r])),
    ...(first ? set(even[0], pair.and(get(even[0]), pair.secondOnly)) : []),
    ...rows.flatMap((r) => pair.store(get(j), layout.weights + r * layout.row, get(even[r]))),
    ...(form.softmax ? count(rows) : []),
  ];
  const count = (rows: readonly number[]): Code => [
    ...rows.flatMap((r) => set(total[r], pair.add(get(total[r]), get(even[r])))),
    ...accumulate(
      j,
      layout.divisors,
      rows.map((r) => get(even[r])),
      pair.add,
    ),
  ];
  return [
    ...[0, 1].flatMap((r) => [
      ...set(total[r], pair.number(0)),
      ...(form.weighted ? set(bias[r], pair.loadTwice(get(i), layout.bias + 8 * r)) : []),
    ]),
    ...overLaterTokens(writer, visit, 1),
    ...(form.softmax ? accumulate(i, layout.divisors, [pair.sums(get(total[0]), get(total[1]))], pair.add) : []),
  ];
}

/** Σ_j w_ij (θ_j − θ_i) from the weights in memory, some coordinates at a time. */
function gather(writer: SimdWriter): Code {
  const { form, layout, locals, i, j } = writer;
  const two = (): number[] => [locals.take("v128"), locals.take("v128")];
  const [own, sums] = [
    [two(), two()],
    [two(), two()],
  ];
  const [weight, part] = [two(), two()];
  const there = locals.take("v128");
  const [mine, theirs, to] = [locals.take("i32"), locals.take("i32"), locals.take("i32")];
  const { row, stride } = layout;
  const theta = (c: number) => layout.theta + c * stride;
  const field = (c: number) => layout.field + c * stride;
  const some = (count: number): Code => {
    const coordinates = Array.from({ length: count }, (_, c) => c);
    const visit = (rows: readonly number[]): Code => [
      ...rows.flatMap((r) => set(weight[r], pair.load(get(j), layout.weights + r * row))),
      ...coordinates.flatMap((c) => [
        ...set(there, pair.load(get(theirs), theta(c))),
        ...rows.flatMap((r) => [
          ...set(part[r], pair.mul(pair.sub(get(there), get(own[c][r])), get(weight[r]))),
          ...set(sums[c][r], pair.add(get(sums[c][r]), get(part[r]))),
        ]),
        ...accumulate(
          theirs,
          field(c),
          rows.map((r) => get(part[r])),
          pair.sub,
        ),
      ]),
      ...advance(theirs, 16),
    ];
    return [
      ...coordinates.flatMap((c) =>
        [0, 1].flatMap((r) => [
          ...set(own[c][r], pair.loadTwice(get(mine), theta(c) + 8 * r)),
          ...set(sums[c][r], pair.number(0)),
        ]),
      ),
      ...set(theirs, get(mine)),
      ...overLaterTokens(writer, visit, 1),
      ...coordinates.flatMap((c) =>
        accumulate(mine, field(c), [pair.sums(get(sums[c][0]), get(sums[c][1]))], pair.add),
      ),
    ];
  };
  const even = form.d - (form.d % 2);
  return [
    ...set(mine, get(i)),
    ...set(to, plus(get(i), int(even * stride))),
    ...repeat(mine, 2 * stride, get(to), some(2)),
    ...(form.d % 2 === 1 ? some(1) : []),
  ];
}
