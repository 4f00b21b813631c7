import type { ModelSpec } from "../onnx/writer.ts";
import type { Embedded, ModelPlan } from "./layers/architecture.ts";
import { headSizes } from "./layers/attention.ts";
import { attentionMask } from "./layers/attention-mask.ts";
import { drawBlock } from "./layers/block.ts";
import { type GraphDraft, graphDraft } from "./layers/graph-draft.ts";
import { normalize } from "./layers/normalize.ts";
import type { ParameterSource } from "./layers/parameter-source.ts";
import { relativeBias } from "./layers/relative-bias.ts";
import { type RotaryAngles, rotaryAngles } from "./layers/rotary.ts";

export interface BuildOptions {
  /** Make the attention probabilities `attentions.k` outputs too: they take heads·n² numbers a block. Default true. */
  readonly attentions?: boolean;
}

/**
 * Draws a transformer: its outputs are `hidden_states.0` (the embedding) … `hidden_states.L` (the raw output of the last
 * block), `final_norm` where there is one, and `attentions.0` … `attentions.(L−1)`.
 */
export function buildGraph(plan: ModelPlan, source: ParameterSource, options: BuildOptions = {}): ModelSpec {
  const draft = graphDraft(source);
  const embedded = plan.embed(draft, plan);
  const stream = ["batch_size", "sequence_length", plan.width];
  const contexts = attentionContexts(draft, plan, embedded);
  let x = embedded.x;
  draft.output(x, stream);
  for (let k = 0; k < plan.layers; k++) {
    x = drawBlock(draft, plan, x, contexts(k), k);
    draft.output(x, stream);
    const weights = ["batch_size", plan.heads, "sequence_length", "sequence_length"];
    if (options.attentions ?? true) draft.output(`attentions.${k}`, weights);
  }
  if (plan.finalNorm) draft.output(normalize(draft, plan.norm, x, plan.finalNorm, plan.width, "final_norm"), stream);
  return draft.finish();
}

/** Masks and angles, each drawn once for all blocks that use the same. */
function attentionContexts(draft: GraphDraft, plan: ModelPlan, embedded: Embedded) {
  const { attention } = plan;
  const bias = attention.relative ? [relativeBias(draft, plan, attention.relative, embedded.lengths)] : [];
  const maskOf = remember((window: number | null) => attentionMask(draft, attention, embedded, window));
  const anglesOf = remember((key: string) => {
    const [theta, size] = key.split(" ").map(Number);
    return rotaryAngles(draft, embedded, theta, size);
  });
  return (k: number) => {
    const mask = maskOf(attention.window?.(k) ?? null);
    const turning = attention.rotary?.(k);
    const rotary: RotaryAngles | null = turning
      ? anglesOf(`${turning.theta} ${turning.size ?? headSizes(plan).headSize}`)
      : null;
    return { lengths: embedded.lengths, addends: [...bias, ...(mask ? [mask] : [])], rotary };
  };
}

function remember<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key) as V;
  };
}
