import type { HiddenStates, LayerAttention } from "../../models/stream/hidden-states.ts";
import { applyPolicyToSelection } from "../policy/apply-policy.ts";
import { defaultPolicy, onSphere, type Policy } from "../policy/policy.ts";
import { selectTokens } from "../policy/select-tokens.ts";
import type { GramEngine } from "../products/gram-engine.ts";
import { squaredNorms, unpackGram } from "../products/gram-matrix.ts";
import { innerProducts } from "../products/inner-products.ts";
import { type AttentionEntropy, attentionEntropy } from "./attention-entropy.ts";
import { type AttentionSlope, attentionSlope } from "./attention-slope.ts";

/** What was measured of one head in one text. */
export interface HeadProbe extends AttentionEntropy, AttentionSlope {
  readonly text: number;
  /** k: the block leads from layer k to k + 1. */
  readonly layer: number;
  /** From 0. */
  readonly head: number;
  /** Rows of attention counted. */
  readonly rows: number;
}

/**
 * Entropy of every head's rows and the slope of log attention against inner product, for text `row` and every block
 * whose attention the states hold. Rows are the positions that the policy counts; entropy is over all that a row attends
 * to, special tokens included. Inner products are of the states that enter the block, centred as the policy says and
 * brought to length 1; the pair (i, i) counts where the policy includes the diagonal.
 * Throws what `selectTokens` and `applyPolicy` throw.
 *
 * @param engine computes Gram matrices sooner; the same numbers to a few ε.
 */
export async function probeAttention(
  states: HiddenStates,
  row: number,
  policy: Policy = defaultPolicy,
  engine: Pick<GramEngine, "gram"> | null = null,
): Promise<HeadProbe[]> {
  const probes: HeadProbe[] = [];
  for (const attention of states.attentions ?? []) {
    const entering = states.layers.findIndex(({ layer }) => layer === attention.layer);
    const selection = selectTokens(states, row, entering, policy);
    const cloud = applyPolicyToSelection(selection, onSphere(policy));
    const gram = engine ? await engine.gram(cloud) : unpackGram(innerProducts(cloud, true), squaredNorms(cloud));
    probes.push(...headsOf(attention, row, states.n, selection.indices, gram, policy.diagonal === "include"));
  }
  return probes;
}

function headsOf(
  { layer, heads, probabilities }: LayerAttention,
  row: number,
  n: number,
  positions: readonly number[],
  gram: Float64Array,
  diagonal: boolean,
): HeadProbe[] {
  return Array.from({ length: heads }, (_, head) => {
    const at = (row * heads + head) * n * n;
    const spread = attentionEntropy(probabilities, at, n, positions);
    const slope = attentionSlope(probabilities, at, n, positions, gram, diagonal);
    return { text: row, layer, head, rows: positions.length, ...spread, ...slope };
  });
}
