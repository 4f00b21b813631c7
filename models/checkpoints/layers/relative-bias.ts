import type { ModelPlan, RelativePlan } from "./architecture.ts";
import { distances } from "./attention-mask.ts";
import type { GraphDraft } from "./graph-draft.ts";

/** The farthest distance that a table may tell apart. */
export const FARTHEST = 1 << 16;

/** What all blocks add to their scores: `[1, heads, n, n]`, a learned number for each head and bucket of distance. */
export function relativeBias(draft: GraphDraft, plan: ModelPlan, relative: RelativePlan, lengths: string): string {
  const { table, buckets, maxDistance } = relative;
  const apart = distances(draft, lengths);
  const bound = draft.ints([maxDistance]);
  const near = draft.op("Min", [draft.op("Max", [apart, draft.ints([-maxDistance])]), bound]);
  const index = draft.op("Add", [near, bound]);
  const bucket = draft.op("Gather", [draft.ints(bucketTable(buckets, maxDistance)), index]);
  const values = draft.parameter(table, [buckets, plan.heads], { kind: "normal", sd: plan.sd });
  const byHead = draft.op("Transpose", [draft.op("Gather", [values, bucket])], { perm: { ints: [2, 0, 1] } });
  return draft.op("Unsqueeze", [byHead, draft.ints([0])]);
}

/**
 * The bucket of each distance −m … m, m = `maxDistance`: half of the buckets for either direction, half of those exact,
 * the others in equal steps of the logarithm (Raffel et al. 2020, section 2.1), rounded in float32 as PyTorch does.
 */
export function bucketTable(buckets: number, maxDistance: number): number[] {
  const side = buckets / 2;
  const exact = side / 2;
  const far = (distance: number) => {
    const log = Math.fround(Math.log(Math.fround(distance / exact)));
    const share = Math.fround(log / Math.log(maxDistance / exact));
    return Math.min(exact + Math.trunc(Math.fround(share * (side - exact))), side - 1);
  };
  const bucketOf = (distance: number) => (distance < exact ? distance : far(distance));
  return Array.from({ length: 2 * maxDistance + 1 }, (_, i) => {
    const distance = i - maxDistance;
    return bucketOf(Math.abs(distance)) + (distance > 0 ? side : 0);
  });
}
