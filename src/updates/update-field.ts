import type { HiddenStates, MidStates } from "../../models/stream/hidden-states.ts";
import type { StreamExtras } from "../../models/stream/stream-extras.ts";
import type { Cloud64 } from "../../probes/cloud.ts";
import type { FieldEffect } from "../../probes/updates/field-effect.ts";
import type { KernelField } from "../../probes/updates/kernel-field.ts";
import type { LayerStep, ProductsAcross } from "../../probes/updates/layer-step.ts";

/** The step of one text that a field is asked about, and all that is known of it. */
export interface FieldInput {
  /** Unit tokens x and y of the layers `layer` and `next`, under the policy, and what follows from them. */
  readonly step: LayerStep;
  /** The layer that is left. */
  readonly layer: number;
  /** The layer that is reached: `layer + 1` unless the states leave layers out. */
  readonly next: number;
  /** The states that the text is from, with attention and resid_mid where `reads` asked for them. */
  readonly states: HiddenStates;
  /** The text's row in the states. */
  readonly row: number;
  /** The position in the row of each token of x. */
  readonly positions: readonly number[];
  /** The same tokens of other states of the text, unit and under the policy; `null` where one has no direction. */
  readonly tokensOf: (states: MidStates) => Cloud64 | null;
  /** Products of two clouds by a GEMM. */
  readonly across: ProductsAcross;
  /** SA and USA at β, computed once for all fields. */
  readonly kernel: (beta: number) => Promise<KernelField>;
  /** The same step in min(n, d) coordinates of the span of x: velocities in that span cost less there. */
  readonly spanned: () => Promise<LayerStep>;
}

/**
 * What a field says of a step: velocities at x, `[n, d]` (what they have along the tokens is taken away), in the coordinates of
 * `within`, which are those of the step where it is left out; or their effect, such as `effectOfWeights` gives; or the changes of
 * inner products alone, over pairs i < j; or why it says nothing.
 */
export type FieldAnswer =
  | { readonly velocity: Float64Array; readonly within?: LayerStep }
  | { readonly effect: FieldEffect }
  | { readonly change: Float64Array }
  | { readonly missing: string };

/** Something that could move the tokens from layer to layer: a value of the table `FIELDS`, or one's own. */
export interface UpdateField {
  /** In rows: no commas. */
  readonly name: string;
  /** In sentences. */
  readonly label: string;
  /** What it is, in a line. */
  readonly about: string;
  /** Whether it has a β, the best of which is looked for. */
  readonly needsBeta: boolean;
  /** What it reads of a model beside hidden states. */
  readonly reads: StreamExtras;
  /** The fields that these states make of it, in its place: such as the mean of heads, and each head. */
  readonly parts?: (states: HiddenStates) => readonly UpdateField[];
  /**
   * What it says of a step.
   *
   * @param beta - 0 where it needs none.
   */
  readonly answer: (at: FieldInput, beta: number) => FieldAnswer | Promise<FieldAnswer>;
}
