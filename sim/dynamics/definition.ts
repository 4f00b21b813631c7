import type { NumberRange } from "./parameter.ts";

/** What a field is computed from. */
export interface FieldInput {
  /** `[n, d]`, unit rows: token i has the numbers from `i * d` on. A copy. */
  readonly x: Float64Array;
  readonly n: number;
  readonly d: number;
  readonly beta: number;
  /** By name, with those that were left out at their defaults. Frozen. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** A dynamics on the sphere by its field alone: ẋ_i = P^⊥_{x_i} field_i. See `defineDynamics`. */
export interface DynamicsDefinition {
  /** Lower case, digits and _, a letter first. */
  readonly name: string;
  /** Numbers that the field reads, by name. One without a default must be given. */
  readonly parameters?: Readonly<Record<string, NumberRange>> | undefined;
  /** The right-hand side in one line. */
  readonly equation?: string | undefined;
  /** Where it is from. */
  readonly source?: string | undefined;
  /** Whether the field depends on β: where not, a fit searches none. Default true. */
  readonly readsBeta?: boolean | undefined;
  /** Rotating all tokens rotates the velocities: the flow may then be computed in min(n, d) coordinates. Default false. */
  readonly rotates?: boolean | undefined;
  /** Permuting the tokens permutes the velocities. Default false. */
  readonly permutes?: boolean | undefined;
  /** A cloud of diameter δ stays in its own convex hull; where it also permutes, tokens that meet go on as one. Default false. */
  readonly contracts?: boolean | undefined;
  /**
   * The ambient velocity of every token; what it has along the tokens is projected away.
   *
   * @param out - `[n, d]`, zeros, to be written.
   * @returns Nothing, or n·d numbers that are taken in place of `out`.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a field that writes into `out` returns nothing.
  field(input: FieldInput, out: Float64Array): void | ArrayLike<number>;
}
