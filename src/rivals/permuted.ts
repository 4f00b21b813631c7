import { permutation, type RandomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import type { RivalPrediction } from "./rival.ts";

/**
 * A prediction of n tokens with its tokens permuted, the same way in all layers, the first included: every histogram is kept,
 * and who is where is lost. A null of pairs and of tokens.
 */
export function permuted({ cloud, products }: RivalPrediction, n: number, random: RandomSource): RivalPrediction {
  const to = permutation(n, random);
  return {
    cloud: cloud && ((k) => mapped(cloud(k), (at) => permutedRows(at, to))),
    products: (k) => mapped(products(k), (pairs) => permutedPairs(pairs, to)),
  };
}

function mapped<T>(value: T | null, make: (value: T) => T): T | null {
  return value === null ? null : make(value);
}

/** Row i becomes row to[i]. */
function permutedRows({ n, d, x }: Cloud, to: Int32Array): Cloud {
  const out = new Float64Array(n * d);
  for (let i = 0; i < n; i++) out.set(x.subarray(i * d, (i + 1) * d), to[i] * d);
  return { n, d, x: out };
}

function permutedPairs(pairs: Float64Array, to: Int32Array): Float64Array {
  const n = to.length;
  const out = new Float64Array(pairs.length);
  let p = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) out[place(Math.min(to[i], to[j]), Math.max(to[i], to[j]), n)] = pairs[p++];
  }
  return out;
}

/** Where the pair i < j lies. */
function place(i: number, j: number, n: number): number {
  return (i * (2 * n - i - 1)) / 2 + j - i - 1;
}
