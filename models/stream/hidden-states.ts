/** A point of the residual stream: 0 is the embedding, k the raw output of block k, `final_norm` the normed last state. */
export type LayerLabel = number | "final_norm";

/** The state of every position of a batch after one layer, as the model gave it. */
export interface LayerStates {
  readonly layer: LayerLabel;
  /** `[batch, n, d]`, row-major. */
  readonly x: Float32Array;
}

/** The stream between attention and MLP of the block that leads from layer k to k + 1. */
export interface MidStates {
  /** k, counted from 0 as Hugging Face counts attentions and TransformerLens its blocks. */
  readonly layer: number;
  /** `[batch, n, d]`, row-major; of a post-LN block the normed sum. */
  readonly x: Float32Array;
}

/** Attention probabilities of the block that leads from layer k to k + 1. */
export interface LayerAttention {
  /** k, counted from 0 as Hugging Face counts `attentions`. */
  readonly layer: number;
  readonly heads: number;
  /** `[batch, heads, n, n]`, row-major: a row is what one position takes from each, and sums to 1. */
  readonly probabilities: Float32Array;
}

/**
 * Hidden states of one batch: what a model gives and what `states.safetensors` holds. A row of the batch is a text.
 * Plain data: it can be written to a file and read back.
 */
export interface HiddenStates {
  readonly batch: number;
  /** Positions per row, padding included. */
  readonly n: number;
  /** Width. */
  readonly d: number;
  /** 0, 1 … L (1 … L in saved states without an embedding) and, where the model has one, `final_norm`, in this order. */
  readonly layers: readonly LayerStates[];
  /** Where asked for: `resid_mid` of every block that has one, in order. */
  readonly residMid?: readonly MidStates[];
  /** Where asked for: attention of every block whose graph shows it, in order. */
  readonly attentions?: readonly LayerAttention[];
  /** `[batch, n]`: 1 where a position counts, 0 where it is padding. */
  readonly mask: Uint8Array;
  /** `[batch, n]`: 1 where the tokenizer's template added the token. `null`: nothing is known (raw inputs, saved states). */
  readonly special: Uint8Array | null;
  /** Token strings, one list a row. `null`: nothing is known. */
  readonly tokens: readonly (readonly string[])[] | null;
  /** Whether no token saw what comes after it; missing where nothing is known. */
  readonly causal?: boolean;
}
