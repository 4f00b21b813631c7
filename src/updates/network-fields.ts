import type { LayerAttention } from "../../models/stream/hidden-states.ts";
import { effectOfWeights } from "../../probes/updates/field-effect.ts";
import { oppositeToken } from "../../probes/updates/log-map.ts";
import { attentionWeights, type BranchVelocities, branchVelocities } from "../../probes/updates/own-fields.ts";
import type { FieldAnswer, FieldInput, UpdateField } from "./update-field.ts";

/** The network's own attention with V = I: the mean of its heads, and each head. */
export const ownAttention: UpdateField = {
  ...attentionField("attention", null),
  parts: ({ attentions = [] }) => {
    const heads = Math.max(0, ...attentions.map((one) => one.heads));
    const each = Array.from({ length: heads }, (_, head) => attentionField(`attention.h${head}`, head));
    return [attentionField("attention", null), ...each];
  },
};

/** What attention of a block, with its own values and output, does to the tokens. */
export const attentionBranch = branchField(
  "attention_branch",
  "the attention branch",
  "what the attention of a block does to the direction of each token, values and output as they are",
  "attention",
);

/** What the MLP of a block does to the tokens. */
export const mlpBranch = branchField(
  "mlp_branch",
  "the MLP branch",
  "what the MLP of a block does to the direction of each token, carried back to where the block began",
  "mlp",
);

function attentionField(name: string, head: number | null): UpdateField {
  return {
    name,
    label: head === null ? "the network's attention with V = I" : `head ${head} of the network with V = I`,
    about: "the network's own attention probabilities with V = I, the mean of heads; each head as attention.h0 …",
    needsBeta: false,
    reads: { attentions: true },
    answer: (at) => attentionAnswer(at, head),
  };
}

async function attentionAnswer(at: FieldInput, head: number | null): Promise<FieldAnswer> {
  const { states, step, across, row, positions } = at;
  const attention = ofBlock(at, states.attentions);
  if (typeof attention === "string") return { missing: `no attention probabilities ${attention}` };
  if (head !== null && head >= attention.heads) return { missing: `the block has ${attention.heads} heads` };
  const weights = attentionWeights(attention, states.n, row, positions, head);
  return { effect: await effectOfWeights(step, weights, across) };
}

function branchField(name: string, label: string, about: string, part: keyof BranchVelocities): UpdateField {
  return {
    ...{ name, label, about, needsBeta: false, reads: { residMid: true } },
    answer(at) {
      const mid = ofBlock(at, at.states.residMid);
      if (typeof mid === "string") return { missing: `no resid_mid ${mid}` };
      const { x, y } = at.step;
      const middle = at.tokensOf(mid);
      if (middle === null) return { missing: "a token of length 0 has no direction" };
      if ([oppositeToken(x, middle), oppositeToken(middle, y)].some((token) => token !== null)) {
        return { missing: "a branch turned a token by half a circle" };
      }
      return { velocity: branchVelocities(x, middle, y)[part] };
    },
  };
}

/** What belongs to the block of a step; else why there is none. */
function ofBlock<Part extends Pick<LayerAttention, "layer">>(
  { layer, next }: FieldInput,
  parts: readonly Part[] | undefined,
): Part | string {
  if (next !== layer + 1) return "where a step goes over more than one block";
  return parts?.find((part) => part.layer === layer) ?? "of this block";
}
