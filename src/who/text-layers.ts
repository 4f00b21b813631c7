import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Cloud, Cloud64 } from "../../probes/cloud.ts";
import { applyPolicyToSelection } from "../../probes/policy/apply-policy.ts";
import { onSphere, type Policy } from "../../probes/policy/policy.ts";
import { selectTokens } from "../../probes/policy/select-tokens.ts";
import { type GramEngine, gramPairs } from "../../probes/products/gram-engine.ts";

/** The tokens of one text after one layer, on the unit sphere. */
export interface TextLayer {
  readonly layer: number;
  readonly cloud: Cloud64;
  /** The same tokens as the model gave them. */
  readonly raw: Cloud;
  /** Cosines i < j, in the order of `innerProducts`. */
  readonly pairs: Float64Array;
}

/** One text's tokens by position, and what is known of them. */
export interface TextTokens {
  readonly indices: readonly number[];
  /** Of the token at that place of the cloud. */
  readonly token: (i: number) => string | null;
}

/** The numbered layers of a text, one after the other; on the sphere whatever the policy says of lengths. */
export async function* textLayers(
  engine: Pick<GramEngine, "across">,
  states: HiddenStates,
  row: number,
  asked: Policy,
): AsyncGenerator<TextLayer & TextTokens, void, undefined> {
  const policy = onSphere(asked);
  for (const [k, { layer }] of states.layers.entries()) {
    if (layer === "final_norm") continue;
    const selection = selectTokens(states, row, k, policy);
    const cloud = applyPolicyToSelection(selection, policy);
    const pairs = await gramPairs(engine, cloud, true);
    const { indices } = selection;
    const token = (i: number) => states.tokens?.[row]?.[indices[i]] ?? null;
    yield { layer, cloud, raw: selection.cloud, pairs, indices, token };
  }
}
