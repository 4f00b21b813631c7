import type { Term } from "../terms/term.ts";
import type { Parameter } from "./parameter.ts";
import type { DynamicsParams } from "./params.ts";

/**
 * Where the tokens live. `sphere`: ẋ_i = P^⊥_{θ_i} Σ terms(θ), ‖x_i‖ = 1. `free`: ẋ_i = Σ terms(θ), x_i = r_i θ_i in
 * R^d from r_i = 1. Either way the terms see only the directions θ_i = x_i/‖x_i‖. `cone`: ẋ_i = Σ terms(θ, r), where r_i² is the
 * mass of the token.
 */
export type Geometry = "sphere" | "free" | "cone";

/** Attention with Q = K = V = I among tokens of the given masses (all equal where there are none). */
export interface HarmonicForm {
  readonly weighting: "softmax" | "exponential";
  /** Summing to 1. */
  readonly masses?: Float64Array | undefined;
  /** A factor on the whole field. Default 1. */
  readonly times?: (beta: number) => number;
}

/**
 * Makes an engine's velocity that of time t, in place, where an equation depends on time. Engines know no time.
 *
 * @param t - In time units of the dynamics.
 * @param x - `[n, d]`, where the tokens are.
 * @param velocity - `[n, d]`, changed.
 */
export type Schedule = (t: number, x: Float64Array, velocity: Float64Array, n: number, d: number) => void;

/** A stretch of time with its own parameters: layer k of a stack, the time before τ. */
export interface Piece {
  /** Where it ends, in time units of the dynamics; `Infinity` for the last. */
  readonly until: number;
  readonly params: DynamicsParams;
  /** A factor on β in this stretch. Default 1. */
  readonly betaTimes?: number;
}

/** Where the layer normalization stands, that is how speeds are divided (R §6.2). */
export type NormScheme = "post" | "pre" | "mix" | "peri" | "ngpt" | "sqrt";

/** How a dynamics goes in residual layers, see `layerSteps`. */
export interface LayeredForm {
  readonly norm: NormScheme;
  /** The dynamics, by name, whose flow goes with matrices of its own in each layer; left out: there is none. */
  readonly flow?: string;
}

/**
 * An equation of motion: plain data and pure functions. Of those here each is a row of `attention-table.ts` or a file of its own;
 * one's own is made by `defineDynamics`, or is any value of this type.
 */
export interface Dynamics {
  readonly name: string;
  /** The right-hand side in one line, for help and manifests. */
  readonly equation: string;
  /** The paper it is from. */
  readonly source: string;
  readonly geometry: Geometry;
  /** The only width it has; left out: any. */
  readonly width?: number;
  /** What it reads beside β, by name. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  /**
   * The field is the sum of these; parameters with a default may be missing. Where the parameters change in time: that of the first
   * piece.
   */
  readonly terms: (params: DynamicsParams) => readonly Term[];
  /** Where the field depends on time smoothly: how. */
  readonly schedule?: (params: DynamicsParams) => Schedule | undefined;
  /** Where the field jumps or bends in time: the pieces between, at least one. Steps end where pieces do. */
  readonly pieces?: (params: DynamicsParams) => readonly Piece[];
  /** Where it has an exact sum over harmonics on the circle (d = 2) and the sphere (d = 3): how it is normalized. */
  readonly harmonics?: (params: DynamicsParams) => HarmonicForm;
  /** The same of a whole field, which keeps its part along the token: what two tokens are to each other is computed once. */
  readonly symmetric?: (params: DynamicsParams) => HarmonicForm;
  /** Lengths ‖x_i‖ that tokens start from, `[n]`. Left out: 1. */
  readonly startLengths?: (params: DynamicsParams, n: number) => Float64Array;
  /** Log of the factor that is taken out of time, so that no velocity overflows: τ = e^{logScale} t. */
  readonly logScale: (beta: number, params: DynamicsParams) => number;
  /** Whether β changes anything. Default true. */
  readonly readsBeta?: boolean;
  /** The flow stays in the span of the first tokens and commutes with rotations. */
  readonly rotates: boolean;
  /** Permuting the tokens (and their weights) permutes the velocities. */
  readonly permutes: boolean;
  /** A cloud of diameter δ stays in its own convex hull: once it is a point, it rests. */
  readonly contracts: boolean;
  /** Distance below which the equation itself takes tokens for one point, so that they are merged there. Default 0. */
  readonly samePoint?: number;
  /** Where residual layers of attention tend to it as their steps get small: how they go. */
  readonly layered?: LayeredForm;
  /** The plugin file it is from. */
  readonly origin?: string;
}
