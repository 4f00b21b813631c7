import { TokensphereError } from "../../models/errors.ts";
import type { Cloud } from "../cloud.ts";
import { clampToUnit } from "./inner-products.ts";

/**
 * ⟨a_i, b_j⟩ for every token of one text and every token of another: length a.n · b.n, row by row, float64 sums.
 * `clamp` cuts rounding beyond [−1, 1]; it is for unit vectors alone. Throws `input` where the widths differ.
 */
export function innerProductsAcross(a: Cloud, b: Cloud, clamp: boolean): Float64Array {
  if (a.d !== b.d) {
    throw new TokensphereError(
      "input",
      `pairs across texts: widths ${a.d} and ${b.d} differ. compare states of one model`,
    );
  }
  const out = new Float64Array(a.n * b.n);
  for (let i = 0; i < a.n; i++) for (let j = 0; j < b.n; j++) out[i * b.n + j] = dot(a, i, b, j);
  return clamp ? clampToUnit(out) : out;
}

/** `innerProductsAcross` of every two different clouds of a list, (0,1), (0,2), …, (1,2), …, end to end. */
export function innerProductsBetween(clouds: readonly Cloud[], clamp: boolean): Float64Array {
  const blocks = clouds.flatMap((a, i) => clouds.slice(i + 1).map((b) => innerProductsAcross(a, b, clamp)));
  const out = new Float64Array(blocks.reduce((total, block) => total + block.length, 0));
  let p = 0;
  for (const block of blocks) {
    out.set(block, p);
    p += block.length;
  }
  return out;
}

function dot(a: Cloud, i: number, b: Cloud, j: number): number {
  let s = 0;
  for (let k = 0; k < a.d; k++) s += a.x[i * a.d + k] * b.x[j * b.d + k];
  return s;
}
