import type { AttentionPlan, Embedded } from "./architecture.ts";
import type { GraphDraft } from "./graph-draft.ts";

/** The most negative float32: Hugging Face adds it to the scores that do not count. */
const LOWEST = -3.4028234663852886e38;

/**
 * What is added to the scores `[batch, heads, n, n]`: 0 where a position sees another, the lowest number where it does
 * not (padding, the future, beyond the window).
 *
 * @returns null where all positions see all.
 */
export function attentionMask(
  draft: GraphDraft,
  { causal, blindPadding }: AttentionPlan,
  { lengths, mask }: Embedded,
  window: number | null,
): string | null {
  const seen: string[] = [];
  const kept = (axes: readonly number[]) =>
    draft.op("Cast", [draft.op("Unsqueeze", [mask ?? "", draft.ints(axes)])], { to: { int: 9 } });
  if (mask) seen.push(kept([1, 2]));
  if (mask && blindPadding) seen.push(kept([1, 3]));
  if (causal) seen.push(draft.op("LessOrEqual", [distances(draft, lengths), draft.ints([0])]));
  if (window !== null) {
    const apart = draft.op("Abs", [distances(draft, lengths)]);
    seen.push(draft.op("LessOrEqual", [apart, draft.ints([window])]));
  }
  if (seen.length === 0) return null;
  const all = seen.reduce((a, b) => draft.op("And", [a, b]));
  return draft.op("Where", [all, draft.floats([0]), draft.floats([LOWEST])]);
}

/** j − i for positions i (rows) and j (columns): `[n, n]` int64. */
export function distances(draft: GraphDraft, lengths: string): string {
  const positions = counting(draft, lengths);
  const rows = draft.op("Unsqueeze", [positions, draft.ints([1])]);
  const columns = draft.op("Unsqueeze", [positions, draft.ints([0])]);
  return draft.op("Sub", [columns, rows]);
}

/** 0 … n − 1 as int64 `[n]`. */
export function counting(draft: GraphDraft, lengths: string): string {
  const n = draft.op("Gather", [lengths, draft.ints([1], [])]);
  return draft.op("Range", [draft.ints([0], []), n, draft.ints([1], [])]);
}
