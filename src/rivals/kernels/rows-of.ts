import type { Cloud64 } from "../../../probes/cloud.ts";

/** The rows of some tokens, end to end. */
export function rowsOf({ d, x }: Cloud64, tokens: Int32Array): Float64Array {
  const out = new Float64Array(tokens.length * d);
  tokens.forEach((i, s) => {
    out.set(x.subarray(i * d, (i + 1) * d), s * d);
  });
  return out;
}
