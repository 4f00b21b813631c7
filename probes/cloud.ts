/** n points in d dimensions, row-major: `x[i * d + k]`. Observed and simulated tokens alike. */
export interface Cloud {
  readonly n: number;
  readonly d: number;
  readonly x: Float32Array | Float64Array;
}
