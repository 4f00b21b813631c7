import type { Cloud } from "../cloud.ts";
import { median } from "../numerics/quantiles.ts";

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
  const sizes = new Float64Array(n * d);
  for (let p = 0; p < sizes.length; p++) sizes[p] = Math.abs(x[p]);
  const middle = median(sizes) ?? 0;
  const least = Math.max(MASSIVE.value, MASSIVE.ratio * middle);
  const [tokens, massive] = [new Uint32Array(d), new Uint32Array(d)];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) {
      const size = sizes[i * d + k];
      if (size > sizes[tokens[k] * d + k]) tokens[k] = i;
      if (size > least) massive[k]++;
    }
  }
  return Array.from(tokens, (token, k) => {
    const ratio = middle > 0 ? sizes[token * d + k] / middle : null;
    return { value: x[token * d + k], token, ratio, massive: massive[k] };
  });
}
