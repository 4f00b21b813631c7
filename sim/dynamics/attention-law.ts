import type { AttentionForm } from "../terms/attention-form.ts";
import type { LayeredForm, NormScheme } from "./dynamics.ts";

/** One attention dynamics as data. */
export interface AttentionLaw {
  /** `softmax`: SA. `exponential`: USA. */
  readonly weighting: AttentionForm["weighting"];
  /** Where the layer normalization stands, that is how speeds are divided (R §6.2). Default `post`. */
  readonly scheme?: NormScheme;
  /** Token i sees j ≤ i only. */
  readonly causal?: true;
  /** Bounded confidence: a token sees those within an angle only. Not with matrices. */
  readonly within?: true;
  /** Scores are −β⟨x_i, x_j⟩, as where QᵀK = −I: a fit that searches β > 0 finds −β of attention. */
  readonly opposed?: true;
  /** β(1 + t)^growth in place of β. With softmax only. */
  readonly ramp?: true;
  /** A drift W2 tanh(W1 x + b1) beside attention, as the MLP of a block is. */
  readonly mlp?: true;
  /** Tokens have masses. */
  readonly weighted?: true;
  /** `one`: Q, K, V. `heads`: several, which add up. `layers`: heads that change from layer to layer. */
  readonly matrices?: "one" | "heads" | "layers";
  /** A factor on the field. Default 1. */
  readonly times?: -1 | "beta";
  /** Where residual layers tend to it: how they go. */
  readonly layered?: LayeredForm;
  readonly source: string;
}
