import type { Cloud } from "../cloud.ts";

/** The rows of some tokens, end to end. */
export function rowsOf({ d, x }: Cloud, tokens: Int32Array): Float64Array {
  const out = new Float64Array(tokens.length * d);
  tokens.forEach((i, s) => {
    out.set(x.subarray(i * d, (i + 1) * d), s * d);
  });
  return out;
}
