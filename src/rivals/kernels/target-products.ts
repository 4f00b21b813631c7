/** Products of a target cloud with itself and with the cloud that it comes from, over a sample of m tokens. */
export interface TargetProducts {
  readonly m: number;
  /** `[m, m]`: ⟨y_i, x_j⟩. */
  readonly crossed: Float64Array;
  /** `[m, m]`: ⟨y_i, y_j⟩. */
  readonly own: Float64Array;
}
