import type { Cloud } from "../cloud.ts";
import { quantiles } from "../numerics/quantiles.ts";

/** The largest activation of a coordinate. */
export interface CoordinatePeak {
  /** As the model gave it, with its sign. */
  readonly value: number;
  /** Its token's place in the cloud. */
  readonly token: number;
  /** |value| over the median of all |activations| of the layer; `null` where that is 0. */
  readonly ratio: number | null;
  /** In how many tokens the coordinate is massive. */
  readonly massive: number;
}

/** Massive: above 100, and above 1000 times the median magnitude of the layer (Sun et al. 2024, arXiv:2402.17762, section 2). */
const MASSIVE = { value: 100, ratio: 1000 } as const;

/** The largest activation of every coordinate of a cloud as the model gave it. */
export function coordinatePeaks({ n, d, x }: Cloud): readonly CoordinatePeak[] {
  const [median] = quantiles(Float64Array.from(x, Math.abs), [0.5]);
  const least = Math.max(MASSIVE.value, MASSIVE.ratio * median);
  return Array.from({ length: d }, (_, k) => {
    let [token, massive] = [0, 0];
    for (let i = 0; i < n; i++) {
      const size = Math.abs(x[i * d + k]);
      if (size > Math.abs(x[token * d + k])) token = i;
      if (size > least) massive++;
    }
    const value = x[token * d + k];
    return { value, token, ratio: median > 0 ? Math.abs(value) / median : null, massive };
  });
}
