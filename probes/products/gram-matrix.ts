import type { Cloud, Cloud64 } from "../cloud.ts";
import { innerProducts, pairCount } from "./inner-products.ts";
import { squaredNorm } from "./norms.ts";

/** Σ_k x_ik², the diagonal of the Gram matrix, length n. */
export function squaredNorms({ n, d, x }: Cloud): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = squaredNorm(x, i * d, (i + 1) * d);
  return out;
}

/** The whole symmetric matrix, n × n row-major, of the products i < j and the diagonal. */
export function unpackGram(pairs: ArrayLike<number>, diagonal: ArrayLike<number>): Float64Array {
  const n = diagonal.length;
  const gram = new Float64Array(n * n);
  let p = 0;
  for (let i = 0; i < n; i++) {
    gram[i * n + i] = diagonal[i];
    for (let j = i + 1; j < n; j++) {
      gram[i * n + j] = pairs[p];
      gram[j * n + i] = pairs[p++];
    }
  }
  return gram;
}

/** The products i < j out of a whole n × n Gram matrix, such as a GEMM gives, in the order of `innerProducts`. */
export function packGram(gram: ArrayLike<number>, n: number): Float64Array {
  const out = new Float64Array(pairCount(n));
  packRows(gram, n, 0, out);
  return out;
}

/** Products of the rows from `from` on with themselves and all later ones, into the places of the pairs i < j: the part of `out` that they are. */
export function packRows(block: ArrayLike<number>, n: number, from: number, out: Float64Array): Float64Array {
  const columns = n - from;
  const begin = (from * (2 * n - from - 1)) / 2;
  let p = begin;
  for (let row = 0; row * columns < block.length; row++) {
    const end = (row + 1) * columns;
    for (let q = row * columns + row + 1; q < end; q++) out[p++] = block[q];
  }
  return out.subarray(begin, p);
}

/** XᵀX, d × d row-major: the Gram matrix of the coordinates. */
export function coordinateGram(cloud: Cloud): Float64Array {
  const transposed = transpose(cloud);
  return unpackGram(innerProducts(transposed, false), squaredNorms(transposed));
}

/** The coordinates as d points in n dimensions. */
export function transpose({ n, d, x }: Cloud): Cloud64 {
  const out = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) out[k * n + i] = x[i * d + k];
  return { n: d, d: n, x: out };
}
