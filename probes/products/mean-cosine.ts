import type { Cloud } from "../cloud.ts";

/**
 * Mean inner product over pairs i ≠ j of unit vectors without forming them, O(nd): (‖Σ x_i‖² − n)/(n(n − 1)), at most 1.
 *
 * @param cloud - Unit rows `[n, d]`, n ≥ 2.
 */
export function meanCosine({ n, d, x }: Cloud): number {
  let squared = 0;
  for (let k = 0; k < d; k++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += x[i * d + k];
    squared += sum * sum;
  }
  return Math.min(1, (squared - n) / (n * (n - 1)));
}
