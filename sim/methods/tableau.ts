/**
 * A Runge–Kutta method as data: k_i = f(x + h Σ_j a_ij k_j), x⁺ = x + h Σ_i b_i k_i, with s stages.
 */
export interface Tableau {
  readonly name: string;
  readonly order: number;
  /** `[s + extra]`: stage times, in steps. */
  readonly c: readonly number[];
  /** Row i has i entries: explicit methods only. Rows from s on are extra stages, wanted by the dense output alone. */
  readonly a: readonly (readonly number[])[];
  /** `[s]`: weights of the step. */
  readonly b: readonly number[];
  /** Further solutions of an embedded pair or triple, the best first; differences to the step estimate its error. */
  readonly embedded?: readonly Embedded[];
  /** x(t + θh) = x + h Σ_i b_i(θ) k_i with b_i(θ) = Σ_m weights[i][m] θ^{m+1}, 0 ≤ θ ≤ 1. */
  readonly dense: { readonly order: number; readonly weights: readonly (readonly number[])[] };
}

/** Another solution from the same stages. */
export interface Embedded {
  readonly order: number;
  /** `[s]`. */
  readonly b: readonly number[];
}

/** A tableau with what follows from it. */
export interface Method extends Tableau {
  /** Stages of the step, s. */
  readonly stages: number;
  /** With the extra ones of the dense output. */
  readonly allStages: number;
  /** The last stage is the first of the next step. */
  readonly firstSameAsLast: boolean;
  /** b − b̂ for each embedded solution. */
  readonly errorWeights: readonly (readonly number[])[];
}

/** The weights b_i(θ) = Σ_m weights[i][m] θ^{m+1} of a method's dense output, 0 ≤ θ ≤ 1. */
export function denseWeights(weights: readonly (readonly number[])[], theta: number): number[] {
  return weights.map((row) => theta * row.reduceRight((sum, coefficient) => sum * theta + coefficient, 0));
}

/** A tableau with what follows from it, unchecked: for those that are here, which a test checks, so that no start of the program has to. */
export function completed(tableau: Tableau): Method {
  const { a, b, embedded = [] } = tableau;
  const stages = b.length;
  return {
    ...tableau,
    stages,
    allStages: a.length,
    firstSameAsLast: stages > 1 && b.every((weight, i) => weight === (a[stages - 1][i] ?? 0)),
    errorWeights: embedded.map((other) => b.map((weight, i) => weight - other.b[i])),
  };
}
