/**
 * A Runge–Kutta method as data: k_i = f(x + h Σ_j a_ij k_j), x⁺ = x + h Σ_i b_i k_i, with s stages.
 */
export interface Tableau {
  readonly name: string;
  readonly order: number;
  /** `[s]`: stage times, in steps. */
  readonly c: readonly number[];
  /** Row i has i entries: explicit methods only. */
  readonly a: readonly (readonly number[])[];
  /** `[s]`: weights of the step. */
  readonly b: readonly number[];
  /** Weights of the second solution of an embedded pair; the difference estimates the error. */
  readonly embedded?: { readonly order: number; readonly b: readonly number[] };
  /** x(t + θh) = x + h Σ_i b_i(θ) k_i with b_i(θ) = Σ_m weights[i][m] θ^{m+1}, 0 ≤ θ ≤ 1. */
  readonly dense: { readonly order: number; readonly weights: readonly (readonly number[])[] };
}

/** A tableau that has passed its checks. */
export interface Method extends Tableau {
  readonly stages: number;
  /** The last stage is the first of the next step. */
  readonly firstSameAsLast: boolean;
  /** b − embedded.b, empty without a pair. */
  readonly errorWeights: readonly number[];
}
