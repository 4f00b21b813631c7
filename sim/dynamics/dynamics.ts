import type { Term } from "../terms/term.ts";
import type { DynamicsParams, ParamName } from "./params.ts";
import type { Schedule } from "./schedule.ts";

/**
 * Where the tokens live. `sphere`: ẋ_i = P^⊥_{θ_i} Σ terms(θ), ‖x_i‖ = 1. `free`: ẋ_i = Σ terms(θ), x_i = r_i θ_i in
 * R^d from r_i = 1. Either way the terms see only the directions θ_i = x_i/‖x_i‖.
 */
export type Geometry = "sphere" | "free";

/** Attention with Q = K = V = I among tokens of the given masses (all equal where there are none). */
export interface CircleForm {
  readonly weighting: "softmax" | "exponential";
  /** Summing to 1. */
  readonly masses?: Float64Array | undefined;
  /** A factor on the whole field. Default 1. */
  readonly times?: (beta: number) => number;
}

/** An equation of motion: plain data and pure functions. A new one is one file and one line in `registry.ts`. */
export interface Dynamics {
  readonly name: string;
  /** The right-hand side in one line, for help and manifests. */
  readonly equation: string;
  readonly geometry: Geometry;
  /** The parameters it reads, all of them required. */
  readonly reads: readonly ParamName[];
  /** The field is the sum of these. */
  readonly terms: (params: DynamicsParams) => readonly Term[];
  /** Where the field depends on time: how. */
  readonly schedule?: (params: DynamicsParams) => Schedule;
  /** Where it has an exact sum over harmonics on the circle (d = 2): how its weights are normalised. */
  readonly onCircle?: (params: DynamicsParams) => CircleForm;
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
