import { TokensphereError } from "../../models/errors.ts";
import { type Cloud, toCloud64 } from "../cloud.ts";
import { clampToUnit } from "./inner-products.ts";
import { rowProducts } from "./row-products.ts";

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
  const out = rowProducts(toCloud64(a).x, toCloud64(b).x, a.n, b.n, a.d);
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
