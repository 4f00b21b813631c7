import type { Cloud } from "../../../probes/cloud.ts";

/** Mean over tokens of ‖a_i − b_i‖: 0 … 2 for unit tokens. */
export function meanChord(a: Cloud, b: Cloud): number {
  let sum = 0;
  for (let i = 0; i < a.n; i++) {
    let s = 0;
    for (let p = i * a.d; p < (i + 1) * a.d; p++) s += (a.x[p] - b.x[p]) ** 2;
    sum += Math.sqrt(s);
  }
  return sum / a.n;
}
