import type { ModelPlan } from "./architecture.ts";
import { type AttentionContext, attend } from "./attention.ts";
import { feedForward } from "./feed-forward.ts";
import type { GraphDraft } from "./graph-draft.ts";
import { normalize } from "./normalize.ts";
import { fromRows, toRows } from "./project.ts";

/**
 * Block k of the stream: `[batch, n, d]` → `[batch, n, d]`, named `hidden_states.(k+1)`; the stream between attention
 * and perceptron is named `resid_mid.k`.
 */
export function drawBlock(draft: GraphDraft, plan: ModelPlan, x: string, context: AttentionContext, k: number): string {
  const names = plan.block(k);
  const { width } = plan;
  const norm = (stream: string, name: string | null, output?: string) =>
    name === null ? stream : normalize(draft, plan.norm, stream, name, width, output);
  const branch = (rows: string, gain: string | undefined) => {
    const whole = fromRows(draft, rows, context.lengths, [width]);
    if (!gain) return whole;
    const value = names.layerScale?.initial ?? 1;
    return draft.op("Mul", [whole, draft.parameter(gain, [width], { kind: "constant", value })]);
  };
  const attention = (from: string) =>
    branch(attend(draft, plan, names, toRows(draft, from, width), context, k), names.layerScale?.attention);
  const perceptron = (from: string) =>
    branch(feedForward(draft, plan, names, toRows(draft, from, width)), names.layerScale?.mlp);
  const add = (a: string, b: string, name?: string) => draft.op("Add", [a, b], undefined, name);
  const next = `hidden_states.${k + 1}`;
  const middle = `resid_mid.${k}`;
  if (plan.place === "post") {
    const mid = norm(add(attention(x), x), names.attentionNorm, middle);
    return norm(add(perceptron(mid), mid), names.mlpNorm, next);
  }
  if (plan.place === "parallel") {
    const both = add(attention(norm(x, names.attentionNorm)), perceptron(norm(x, names.mlpNorm)));
    return add(both, x, next);
  }
  const mid = add(attention(norm(x, names.attentionNorm)), x, middle);
  return add(perceptron(norm(mid, names.mlpNorm)), mid, next);
}
