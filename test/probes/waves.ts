import type { Cloud64 } from "../../probes/cloud.ts";

/** The clouds of make_measures.py and make_sklearn.py, by the same formula. */
export function waves(n: number, d: number, c: number, offset: number): Cloud64 {
  const at = (i: number, k: number) =>
    Math.sin(1.7 * i + 0.3 * k * k + c) + 0.2 * Math.sin(i * k + 2 * c) + (k === 2 ? offset : 0);
  return { n, d, x: Float64Array.from({ length: n * d }, (_, p) => at(Math.floor(p / d), p % d)) };
}
