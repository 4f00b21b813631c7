import type { BlockNames, ModelPlan, QueryKeyValue } from "./architecture.ts";
import type { GraphDraft } from "./graph-draft.ts";
import { normalize } from "./normalize.ts";
import { fromRows, project, toRows } from "./project.ts";
import { type RotaryAngles, turn } from "./rotary.ts";

/** What a block's attention needs besides its input. */
export interface AttentionContext {
  /** `[2]` int64: batch and n. */
  readonly lengths: string;
  /** Added to the scores: mask, relative bias. */
  readonly addends: readonly string[];
  readonly rotary: RotaryAngles | null;
}

/**
 * Multi-head attention of rows `[batch·n, d]` → rows `[batch·n, d]`. The probabilities `[batch, heads, n, n]` are named
 * `attentions.k`.
 */
export function attend(
  draft: GraphDraft,
  plan: ModelPlan,
  names: BlockNames,
  rows: string,
  context: AttentionContext,
  k: number,
): string {
  const { heads, keyHeads, headSize } = headSizes(plan);
  const [q, key, v] = queryKeyValue(draft, plan, names.qkv, rows, context.lengths);
  const place = (x: string, count: number, norm: string | undefined) => {
    const split = fromRows(draft, x, context.lengths, [count, headSize]);
    const normed = norm ? normalize(draft, plan.norm, split, norm, headSize) : split;
    return draft.op("Transpose", [normed], { perm: { ints: [0, 2, 1, 3] } });
  };
  const turned = (x: string) => (context.rotary ? turn(draft, context.rotary, x, headSize) : x);
  const queries = turned(place(q, heads, names.queryNorm));
  const keys = spread(draft, turned(place(key, keyHeads, names.keyNorm)), heads / keyHeads, keyHeads);
  const values = spread(draft, place(v, keyHeads, undefined), heads / keyHeads, keyHeads);
  const flipped = draft.op("Transpose", [keys], { perm: { ints: [0, 1, 3, 2] } });
  const terms = plan.attention.terms?.(draft, plan, { k, queries, keys, lengths: context.lengths }) ?? [];
  const raw = terms.reduce((sum, term) => draft.op("Add", [sum, term]), draft.op("MatMul", [queries, flipped]));
  const scores = scaled(draft, raw, plan.attention.scale ?? 1 / Math.sqrt(headSize));
  const biased = context.addends.reduce((sum, addend) => draft.op("Add", [sum, addend]), scores);
  const probabilities = draft.op("Softmax", [biased], { axis: { int: -1 } }, `attentions.${k}`);
  const mixed = draft.op("MatMul", [probabilities, values]);
  const gathered = draft.op("Transpose", [mixed], { perm: { ints: [0, 2, 1, 3] } });
  return project(draft, plan, toRows(draft, gathered, heads * headSize), names.out, heads * headSize, plan.width);
}

/** Heads of queries, heads of keys and values, and their width. */
export function headSizes(plan: ModelPlan): { heads: number; keyHeads: number; headSize: number } {
  const { heads, width } = plan;
  return { heads, keyHeads: plan.keyHeads ?? heads, headSize: plan.headSize ?? width / heads };
}

function queryKeyValue(
  draft: GraphDraft,
  plan: ModelPlan,
  qkv: QueryKeyValue,
  rows: string,
  lengths: string,
): readonly string[] {
  const { heads, keyHeads, headSize } = headSizes(plan);
  const widths = [heads, keyHeads, keyHeads].map((count) => count * headSize);
  if ("fused" in qkv) {
    const all = project(draft, plan, rows, qkv.fused, plan.width, widths[0] + widths[1] + widths[2]);
    if (!qkv.byHead) return draft.ops("Split", [all, draft.ints(widths)], 3, { axis: { int: -1 } });
    const byHead = fromRows(draft, all, lengths, [heads, 3 * headSize]);
    return draft.ops("Split", [byHead, draft.ints([headSize, headSize, headSize])], 3, { axis: { int: -1 } });
  }
  return [qkv.query, qkv.key, qkv.value].map((names, i) => project(draft, plan, rows, names, plan.width, widths[i]));
}

/** Each head of keys or values for `times` heads of queries. */
function spread(draft: GraphDraft, x: string, times: number, keyHeads: number): string {
  if (times === 1) return x;
  const heads = Array.from({ length: keyHeads * times }, (_, h) => Math.floor(h / times));
  return draft.op("Gather", [x, draft.ints(heads)], { axis: { int: 1 } });
}

function scaled(draft: GraphDraft, scores: string, scale: number): string {
  return scale === 1 ? scores : draft.op("Mul", [scores, draft.floats([scale])]);
}
