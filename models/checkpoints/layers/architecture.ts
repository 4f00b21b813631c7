import type { ConfigReader } from "./config-reader.ts";
import type { GraphDraft } from "./graph-draft.ts";

/**
 * What is known of a family of checkpoints: how config.json's `model_type` spells it, how a task head prefixes its
 * parameters, and its plan. To add one: a file beside the others in `architectures/`, its line in `architectures.ts`, and a
 * fixture.
 */
export interface Architecture {
  readonly modelTypes: readonly string[];
  /** Prefixes that parameter names may have, tried in order. */
  readonly prefixes: readonly string[];
  /** Under which other names the weights of a name may be kept where a task head shares them. */
  readonly tied?: Readonly<Record<string, readonly string[]>>;
  /** The keys of config.json that the overrides of depth and heads change. */
  readonly keys: { readonly layers: string; readonly heads: string };
  /**
   * Keys of config.json that would change the function and are read by nothing, each with the values under which it is the one
   * that is drawn.
   */
  readonly built?: Readonly<Record<string, readonly unknown[]>>;
  /** Whether `position_ids` that are not given are counted over the positions that the mask keeps; default false: over all. */
  readonly positionsByMask?: boolean;
  /** The facts of one config. @throws TokensphereError `input` for a variant that is not built. */
  readonly plan: (config: ConfigReader) => ModelPlan;
}

/** A transformer as facts. */
export interface ModelPlan {
  readonly layers: number;
  /** Width d of the stream. */
  readonly width: number;
  readonly heads: number;
  /** Heads of keys and values, where queries share them; default `heads`. */
  readonly keyHeads?: number;
  /** Width of a head; default `width / heads`, and then the number of heads may be overridden. */
  readonly headSize?: number;
  readonly mlpWidth: number;
  readonly activation: string;
  readonly norm: NormPlan;
  /** Where the norms stand: after each sum, or before each branch; `parallel` adds both branches at once. */
  readonly place: "post" | "pre" | "parallel";
  readonly embed: Embed;
  readonly attention: AttentionPlan;
  /** Names of a block's parameters, 0 … layers − 1. Blocks that give the same names share weights. */
  readonly block: (k: number) => BlockNames;
  /** Name of the norm after the last block, null where there is none. */
  readonly finalNorm: string | null;
  /** Standard deviation of fresh weights, config.json's `initializer_range`. */
  readonly sd: number;
}

export interface NormPlan {
  /** Layer norm, or root mean square alone. */
  readonly kind: "layer" | "rms";
  readonly eps: number;
  readonly bias: boolean;
}

/** Draws the nodes that lead from the inputs to hidden state 0 `[batch, n, d]`. */
export type Embed = (draft: GraphDraft, plan: ModelPlan) => Embedded;

export interface Embedded {
  readonly x: string;
  /** `[2]` int64: batch and n. */
  readonly lengths: string;
  /** Input `[batch, n]`, 1 where a position counts; null where all do, as for images. */
  readonly mask: string | null;
  /** `[batch or 1, n]` positions, null where they are 0 … n − 1. */
  readonly positions: string | null;
}

export interface AttentionPlan {
  readonly causal?: boolean;
  /** Scores are multiplied by it; default 1/√headSize. */
  readonly scale?: number;
  /** Positions further apart than this are not seen by block k; null: no limit. */
  readonly window?: (k: number) => number | null;
  /** Base of the rotary angles of block k, and how many of a head's entries turn (default all). */
  readonly rotary?: (k: number) => { readonly theta: number; readonly size?: number };
  /** A bias by distance that all blocks add to their scores. */
  readonly relative?: RelativePlan;
  /** Padded positions see nothing, rather than what the others see. */
  readonly blindPadding?: boolean;
  /** Draws terms `[batch, heads, n, n]` that block k adds to its scores before they are scaled. */
  readonly terms?: (draft: GraphDraft, plan: ModelPlan, parts: ScoreParts) => readonly string[];
}

/** What a block's own score terms may be made of: queries and keys are `[batch, heads, n, headSize]`. */
export interface ScoreParts {
  readonly k: number;
  readonly queries: string;
  readonly keys: string;
  readonly lengths: string;
}

/** Learned bias by bucket of distance (Raffel et al. 2020, section 2.1), one for each head. */
export interface RelativePlan {
  readonly table: string;
  readonly buckets: number;
  readonly maxDistance: number;
}

/** A product with weights. `layout` is how the checkpoint keeps them: PyTorch's Linear `out×in`, GPT-2's `in×out`. */
export interface LinearNames {
  readonly weight: string;
  readonly bias: string | null;
  readonly layout?: "out×in" | "in×out";
  /** Of fresh weights, where it is not the model's. */
  readonly sd?: number;
}

/**
 * Query, key and value: three products, or one that is split: all queries, all keys, all values, or `byHead` the three
 * of each head.
 */
export type QueryKeyValue =
  | { readonly query: LinearNames; readonly key: LinearNames; readonly value: LinearNames }
  | { readonly fused: LinearNames; readonly byHead?: boolean };

/** The parameters of a block. A norm is the name before `.weight` and `.bias`. */
export interface BlockNames {
  /** Null where the first block has none, since the embeddings are normed already. */
  readonly attentionNorm: string | null;
  readonly qkv: QueryKeyValue;
  readonly out: LinearNames;
  readonly mlpNorm: string;
  readonly up: LinearNames;
  /** The product that passes through the activation and gates `up`; null: `up` itself is activated. */
  readonly gate: LinearNames | null;
  /** Whether `up` holds the gate in its first half and what is gated in its second. */
  readonly gated?: boolean;
  readonly down: LinearNames;
  /** Norms of queries and keys within a head. */
  readonly queryNorm?: string;
  readonly keyNorm?: string;
  /** Layer scale: a gain on each branch, and its value before training. */
  readonly layerScale?: { readonly attention: string; readonly mlp: string; readonly initial: number };
}

/** `name.weight` and `name.bias`. */
export function linear(name: string, options: { readonly bias?: boolean; readonly sd?: number } = {}): LinearNames {
  const { bias = true, sd } = options;
  return { weight: `${name}.weight`, bias: bias ? `${name}.bias` : null, ...(sd === undefined ? {} : { sd }) };
}
