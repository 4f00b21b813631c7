import type { BlockAttention } from "../../models/attention-weights/attention-weights.ts";
import { option } from "../../models/errors.ts";
import type { Model } from "../../models/open-model.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { headWeights } from "../../sim/terms/multi-head-attention.ts";
import { multiHeads } from "./multi-heads.ts";

/** The attention of every block, or why there is none that tokens could be moved by. */
export type OwnAttention = { readonly blocks: readonly BlockAttention[] } | { readonly why: string };

/** Weights and probabilities are float32, of half precision at times. */
const ROUNDING = 0.01;

/**
 * Reads the attention of every block of a model, and checks it: from the states of a text its weights must give the probabilities that the
 * network had. So positions that turn queries, biases of position and whatever else was not seen are found, and said.
 *
 * @param states of a text of the model; with `attentions` where they can be checked.
 */
export async function readOwn(
  { attentionWeights }: Pick<Model, "attentionWeights">,
  states: HiddenStates,
  causal: boolean,
): Promise<OwnAttention> {
  const blocks: BlockAttention[] = [];
  for await (const block of attentionWeights()) {
    if ("why" in block) return { why: `block ${block.layer + 1}: ${block.why}` };
    if (block.d !== states.d)
      return { why: `block ${block.layer + 1}: it projects ${block.d} of ${states.d} coordinates` };
    blocks.push(block);
  }
  for (const block of blocks) {
    const error = missedBy(block, states, causal);
    const where = `block ${block.layer + 1}`;
    if (error === null)
      return {
        why: `its probabilities were not read, by which weights are checked. ${option("attentions")} reads them`,
      };
    if (error > ROUNDING)
      return { why: `${where}: its weights alone do not give its probabilities. positions or a mask take part` };
  }
  return { blocks };
}

/** The largest difference between the probabilities that weights give of the first row and those that the network had; `null`: unknown. */
function missedBy(
  block: BlockAttention,
  { n, d, layers, attentions, mask }: HiddenStates,
  causal: boolean,
): number | null {
  const seen = attentions?.find(({ layer }) => layer === block.layer);
  const x = layers.find(({ layer }) => layer === block.layer)?.x;
  if (!seen || !x || seen.heads !== block.heads.length) return null;
  const counted = Array.from({ length: n }, (_, i) => i).filter((i) => mask[i] === 1);
  const tokens = new Float64Array(counted.length * d);
  counted.forEach((i, a) => {
    tokens.set(x.subarray(i * d, (i + 1) * d), a * d);
    if (block.norm) unit(tokens.subarray(a * d, (a + 1) * d));
  });
  const m = counted.length;
  const own = new Float64Array(m * m);
  let most = 0;
  headWeights(multiHeads(block, 1, causal), m).forEach((weigh, head) => {
    weigh(tokens, 1, own);
    counted.forEach((i, a) => {
      counted.forEach((j, b) => {
        const real = seen.probabilities[(head * n + i) * n + j];
        most = Math.max(most, Math.abs(real - own[a * m + b]));
      });
    });
  });
  return most;
}

function unit(row: Float64Array): void {
  const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
  for (let k = 0; k < row.length; k++) row[k] /= length;
}
