import type { Term } from "../terms/term.ts";
import type { DynamicsParams, ParamName } from "./params.ts";
import type { Schedule } from "./schedule.ts";

/**
 * Where the tokens live. `sphere`: ẋ_i = P^⊥_{θ_i} Σ terms(θ), ‖x_i‖ = 1. `free`: ẋ_i = Σ terms(θ), x_i = r_i θ_i in
 * R^d from r_i = 1. Either way the terms see only the directions θ_i = x_i/‖x_i‖.
 */
export type Geometry = "sphere" | "free";

/** Attention with Q = K = V = I among tokens of the given masses (all equal where there are none). */
export interface HarmonicForm {
  readonly weighting: "softmax" | "exponential";
  /** Summing to 1. */
  readonly masses?: Float64Array | undefined;
  /** A factor on the whole field. Default 1. */
  readonly times?: (beta: number) => number;
}

/** A stretch of time with its own parameters: layer k of a stack, the time before τ. */
export interface Piece {
  /** Where it ends, in time units of the dynamics; `Infinity` for the last. */
  readonly until: number;
  readonly params: DynamicsParams;
}

/** An equation of motion: plain data and pure functions. A new one is a row of `attention-table.ts`, or a file of its own. */
export interface Dynamics {
  readonly name: string;
  /** The right-hand side in one line, for help and manifests. */
  readonly equation: string;
  /** The paper it is from. */
  readonly source: string;
  readonly geometry: Geometry;
  /** The only width it has; left out: any. */
  readonly width?: number;
  /** The parameters it reads, all of them required. */
  readonly reads: readonly ParamName[];
  /** The field is the sum of these. Where the parameters change in time: that of the first piece. */
  readonly terms: (params: DynamicsParams) => readonly Term[];
  /** Where the field depends on time smoothly: how. */
  readonly schedule?: (params: DynamicsParams) => Schedule | undefined;
  /** Where the field jumps or bends in time: the pieces between, at least one. Steps end where pieces do. */
  readonly pieces?: (params: DynamicsParams) => readonly Piece[];
  /** Where it has an exact sum over harmonics on the circle (d = 2) and the sphere (d = 3): how it is normalised. */
  readonly harmonics?: (params: DynamicsParams) => HarmonicForm;
  /** Log of the factor that is taken out of time, so that no velocity overflows: τ = e^{logScale} t. */
  readonly logScale: (beta: number, params: DynamicsParams) => number;
  /** The flow stays in the span of the first tokens and commutes with rotations. */
  readonly rotates: boolean;
  /** Permuting the tokens (and their weights) permutes the velocities. */
  readonly permutes: boolean;
  /** A cloud of diameter δ stays in its own convex hull: once it is a point, it rests. */
  readonly contracts: boolean;
  /** Distance below which the equation itself takes tokens for one point, so that they are merged there. Default 0. */
  readonly samePoint?: number;
}
