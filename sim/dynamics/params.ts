type Rows = readonly (readonly number[])[];

/** Rows of the d × d matrices of one head. */
export interface Head {
  readonly Q: Rows;
  readonly K: Rows;
  readonly V: Rows;
}

/** Matrices of the heads of one layer and how long it lasts. */
export interface Layer {
  readonly heads: readonly Head[];
  /** In time units of the dynamics, > 0. Default 1; the last layer lasts for ever. */
  readonly duration?: number | undefined;
}

/** `[time, α]` pairs, times ≥ 0 and not falling, α > 0: straight lines between, a jump where two share a time. */
export type AlphaKnots = readonly (readonly [number, number])[];

/**
 * What a dynamics may be told beside β, by name: those of the dynamics here with their types, and whatever others read. `Q`, `K`,
 * `V` are rows of d × d matrices: scores β⟨Qx_i, Kx_j⟩, values Vx_j.
 */
export interface DynamicsParams {
  readonly [name: string]: unknown;
  readonly Q?: Rows;
  readonly K?: Rows;
  readonly V?: Rows;
  /** Token masses, positive; divided by their sum. */
  readonly weights?: readonly number[];
  /** nGPT's step factor α, positive, or how it depends on time. */
  readonly alpha?: number | AlphaKnots | undefined;
  /** When Mix-LN turns from Post- to Pre-LN, ≥ 0. */
  readonly tau?: number;
  /** Heads, at least one. */
  readonly heads?: readonly Head[];
  /** Layers one after the other, at least one. */
  readonly layers?: readonly Layer[];
  /** Angle within which tokens see each other, 0 < radius ≤ π. */
  readonly radius?: unknown;
  /** A drift ε W2 tanh(W1 x + b1): m × d, m, d × m numbers. */
  readonly W1?: Rows;
  readonly b1?: readonly number[];
  readonly W2?: Rows;
  /** Its factor ε. Default 1. */
  readonly eps?: number;
  /** Rate of reweighting beside moving. Default 1. */
  readonly lambda?: number;
  /** The sample of classical mean shift, m × d, m ≥ 1; rows are divided by their length. */
  readonly data?: Rows;
}
