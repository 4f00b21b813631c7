/** The forms of attention that the dynamics here use. Left out: identity, equal masses, no mask, no scaling. */
export interface AttentionForm {
  /** `softmax`: each row of weights sums to 1 (SA). `exponential`: e^{β s_ij} as it is (USA). */
  readonly weighting: "softmax" | "exponential";
  /** Token i sees j ≤ i only. */
  readonly causal?: boolean;
  /** Token i sees those with ⟨θ_i, θ_j⟩ ≥ this only (itself in any case, as `least` ≤ 1 less rounding); for Q = K = I. */
  readonly least?: number | undefined;
  /** Flat d × d matrices: scores ⟨Qx_i, Kx_j⟩, values Vx_j. Q and K come together. */
  readonly Q?: Float64Array | undefined;
  readonly K?: Float64Array | undefined;
  readonly V?: Float64Array | undefined;
  /** Masses of the tokens, summing to 1. */
  readonly masses?: Float64Array | undefined;
  /** The field becomes α A/‖A‖ (Peri-LN with α = 1, nGPT); 0 where A = 0. */
  readonly unitTimes?: number | undefined;
  /**
   * The field may differ by a multiple of θ_i, which a projection removes. Then Σ_j a_ij (θ_j − θ_i) serves: coinciding
   * tokens give exactly 0, so that the reference kernel keeps its relative accuracy on exponentially slow plateaus.
   */
  readonly tangentOnly?: boolean;
}
