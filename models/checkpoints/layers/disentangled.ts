import type { LinearNames, ModelPlan, ScoreParts } from "./architecture.ts";
import { headSizes } from "./attention.ts";
import { distances } from "./attention-mask.ts";
import type { GraphDraft } from "./graph-draft.ts";
import { normalize } from "./normalize.ts";
import { project } from "./project.ts";

/** Scores between contents and distances (He et al. 2020, DeBERTa, equation 4). */
export interface DisentangledFacts {
  /** Table `[2·span, d]` of distances, and the norm of its rows. */
  readonly table: string;
  readonly tableNorm: string | null;
  readonly span: number;
  /** Buckets of distance; 0: every distance has its own row. */
  readonly buckets: number;
  readonly maxDistance: number;
  /** What makes keys and queries of the distances in block k; null: that term is left out. */
  readonly key: ((k: number) => LinearNames) | null;
  readonly query: ((k: number) => LinearNames) | null;
}

/** Content to position, qᵢ · K(i − j), and position to content, kⱼ · Q(i − j), both `[batch, heads, n, n]`. */
export function disentangledTerms(facts: DisentangledFacts) {
  return (draft: GraphDraft, plan: ModelPlan, { k, queries, keys, lengths }: ScoreParts): readonly string[] => {
    const rows = distanceRows(draft, plan, facts);
    const rowOf = draft.op("Gather", [draft.ints(rowTable(facts)), nearIndex(draft, facts, lengths)]);
    const terms: string[] = [];
    if (facts.key) terms.push(pick(draft, byDistance(draft, plan, facts, rows, facts.key(k), queries), rowOf));
    if (facts.query) {
      const flipped = draft.op("Transpose", [rowOf], { perm: { ints: [1, 0] } });
      const picked = pick(draft, byDistance(draft, plan, facts, rows, facts.query(k), keys), flipped);
      terms.push(draft.op("Transpose", [picked], { perm: { ints: [0, 1, 3, 2] } }));
    }
    return terms;
  };
}

function distanceRows(draft: GraphDraft, plan: ModelPlan, { table, tableNorm, span }: DisentangledFacts): string {
  const rows = draft.parameter(table, [2 * span, plan.width], { kind: "normal", sd: plan.sd });
  return tableNorm === null ? rows : normalize(draft, plan.norm, rows, tableNorm, plan.width);
}

/** i − j cut to ±maxDistance and counted from 0: `[n, n]`. */
function nearIndex(draft: GraphDraft, { maxDistance }: DisentangledFacts, lengths: string): string {
  const back = draft.op("Neg", [distances(draft, lengths)]);
  const near = draft.op("Max", [back, draft.ints([-maxDistance])]);
  return draft.op("Add", [draft.op("Min", [near, draft.ints([maxDistance])]), draft.ints([maxDistance])]);
}

/** Products of queries or keys with every row of distances: `[batch, heads, n, 2·span]`. */
function byDistance(
  draft: GraphDraft,
  plan: ModelPlan,
  { span }: DisentangledFacts,
  rows: string,
  names: LinearNames,
  content: string,
): string {
  const { heads, headSize } = headSizes(plan);
  const projected = project(draft, plan, rows, names, plan.width, heads * headSize);
  const split = draft.op("Reshape", [projected, draft.ints([2 * span, heads, headSize])]);
  return draft.op("MatMul", [content, draft.op("Transpose", [split], { perm: { ints: [1, 2, 0] } })]);
}

/** Of `[batch, heads, n, 2·span]` the entries that an index `[n, n]` names in each row. */
function pick(draft: GraphDraft, products: string, index: string): string {
  const outer = draft.op("Slice", [draft.op("Shape", [products]), draft.ints([0]), draft.ints([2])]);
  const shape = draft.op("Concat", [outer, draft.op("Shape", [index])], { axis: { int: 0 } });
  return draft.op("GatherElements", [products, draft.op("Expand", [index, shape])], { axis: { int: 3 } });
}

/**
 * The row of each distance −m … m, m = `maxDistance`: exact within half of the buckets, then in steps of the logarithm,
 * rounded in float32 as PyTorch does.
 */
export function rowTable({
  span,
  buckets,
  maxDistance,
}: Omit<DisentangledFacts, "table" | "tableNorm" | "key" | "query">): number[] {
  const mid = Math.floor(buckets / 2);
  const whole = Math.fround(Math.log(Math.fround((maxDistance - 1) / mid)));
  const far = (distance: number) => {
    const log = Math.fround(Math.log(Math.fround(distance / mid)));
    return Math.ceil(Math.fround(Math.fround(log / whole) * (mid - 1))) + mid;
  };
  const bucketOf = (distance: number) => (buckets === 0 || distance <= mid ? distance : far(distance));
  return Array.from({ length: 2 * maxDistance + 1 }, (_, i) => {
    const distance = i - maxDistance;
    const row = Math.sign(distance) * bucketOf(Math.abs(distance)) + span;
    return Math.max(0, Math.min(2 * span - 1, row));
  });
}
