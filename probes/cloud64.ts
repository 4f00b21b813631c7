import type { Cloud } from "./cloud.ts";

/** A cloud in float64, as the kernels want it. */
export interface Cloud64 extends Cloud {
  readonly x: Float64Array;
}

/** A float64 copy, never the array that was given. */
export function toCloud64(cloud: Cloud): Cloud64 {
  return { n: cloud.n, d: cloud.d, x: Float64Array.from(cloud.x) };
}
