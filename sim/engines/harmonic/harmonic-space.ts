/** The circle (d = 2) or the sphere S² (d = 3) as a space with harmonics. */
export interface HarmonicSpace {
  readonly d: 2 | 3;
  /** Numbers of the field of a token: Z first, then what `tangent` makes a velocity of. */
  readonly stride: number;
  /**
   * Prepares the sums at one β.
   *
   * @param masses - `[n]`, summing to 1.
   * @throws TokensphereError `usage` where β is too large for tables.
   */
  readonly sumsAt: (beta: number, masses: Float64Array) => HarmonicSums;
  /** out_i = speed · (1/β) times the gradient of Z along the space at x_i. */
  readonly tangent: (
    x: Float64Array,
    field: Float64Array,
    i: number,
    speed: number,
    beta: number,
    out: Float64Array,
  ) => void;
}

/** Z(x_i) = Σ_j m_j e^{β(⟨x_i, x_j⟩ − 1)} and its slopes for all tokens of a cloud, by harmonics. */
export interface HarmonicSums {
  /** Numbers kept for them. */
  readonly numbers: number;
  /**
   * @param x - Unit rows, `[n, d]`.
   * @param field - `[n, stride]`, written over.
   */
  readonly evaluate: (x: Float64Array, field: Float64Array) => void;
}
