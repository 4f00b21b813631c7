/** n points in d dimensions, row-major: `x[i * d + k]`. Observed and simulated tokens alike. */
export interface Cloud {
  readonly n: number;
  readonly d: number;
  readonly x: Float32Array | Float64Array;
}

/** A cloud in float64, as the kernels want it. */
export interface Cloud64 extends Cloud {
  readonly x: Float64Array;
}

/** A float64 copy, never the array that was given. */
export function toCloud64(cloud: Cloud): Cloud64 {
  return { n: cloud.n, d: cloud.d, x: new Float64Array(cloud.x) };
}
