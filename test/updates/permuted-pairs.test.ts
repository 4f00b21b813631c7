import { expect, it } from "vitest";
import { permutation, randomSource } from "../../models/random.ts";
import { permutedPairs } from "../../probes/updates/permuted-pairs.ts";

it.each([
  ["WebAssembly", undefined],
  ["plain code", 0],
])("pairs of permuted tokens are those of their definition, by %s", (_, most) => {
  const n = 7;
  const random = randomSource(1);
  const columns = Array.from({ length: 3 }, () => Float64Array.from({ length: (n * (n - 1)) / 2 }, random));
  const of = (column: Float64Array, a: number, b: number): number => {
    const [i, j] = [Math.min(a, b), Math.max(a, b)];
    return column[(i * (2 * n - i - 1)) / 2 + j - i - 1];
  };
  const permuted = permutedPairs(columns, n, 100, most);
  // Rows 2 and 3 hold four and three pairs; they lie behind what is written first.
  const stretch = { from: 2, to: 4, start: 11, pairs: 7 };
  const orders = [permutation(n, random), permutation(n, random)];
  permuted.write(orders[0], stretch, 0);
  permuted.write(orders[1], stretch, 40);
  for (const [o, order] of orders.entries()) {
    const pairs = [2, 3].flatMap((i) => Array.from({ length: n - 1 - i }, (_, k) => [i, i + 1 + k]));
    for (let lane = 0; lane < (o === 0 ? 5 : 8); lane++) {
      const expected = pairs.map(([i, j]) => (lane < 3 ? of(columns[lane], order[i], order[j]) : 0));
      expect([...permuted.out.subarray(40 * o + 7 * lane, 40 * o + 7 * (lane + 1))]).toEqual(expected);
    }
  }
});
