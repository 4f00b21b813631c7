import { meanOfKnown } from "../../probes/numerics/mean.ts";
import type { UntrainedRow, UpdateRow } from "../updates/update-row.ts";
import { decisionOf } from "../updates/updates-in-words.ts";
import { byDraw } from "../updates/updates-over-texts.ts";

/**
 * Whether selection among tokens, by this field, adds to the changes of inner products of a text: beyond doubt in some step, and on the mean
 * more than its own tokens permuted, more than a linear map of each token and, where that is known, more than in any draw of the same
 * network untrained. `null` where that was not measured.
 */
export function selectionAdds(
  rows: readonly UpdateRow[],
  untrained: readonly UntrainedRow[],
  text: number,
  field: string,
): boolean | null {
  const named = (of: readonly UpdateRow[], name: string) => of.filter((row) => row.text === text && row.field === name);
  const of = (name: string) => named(rows, name);
  const own = of(field);
  if (own.length === 0) return null;
  const added = meanOfKnown(own.map((row) => row.added)) ?? 0;
  const chance = meanOfKnown(own.map((row) => row.null)) ?? 0;
  const mapped = meanOfKnown(of("linear_map").map((row) => row.added)) ?? 0;
  const unlearned = byDraw(untrained).map((draw) => meanAdded(named(draw, field)));
  return added > Math.max(chance, mapped, ...unlearned) && own.some((row) => decisionOf(row) === "adds");
}

function meanAdded(rows: readonly UpdateRow[]): number {
  return meanOfKnown(rows.map((row) => row.added)) ?? Number.NEGATIVE_INFINITY;
}
