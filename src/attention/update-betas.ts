import type { UpdateRow } from "../updates/update-row.ts";
import { updatesOverTexts } from "../updates/updates-over-texts.ts";

/**
 * The β at which SA adds most to the update that leaves each layer, over texts: to be held beside the slopes of the heads of
 * that block. Layers without one are left out, and those at which SA adds nothing.
 */
export function updateBetas(updates: readonly UpdateRow[] = []): ReadonlyMap<number, number> {
  const best = updatesOverTexts(updates.filter(({ field, beta_from: from }) => field === "sa" && from !== "given"));
  return new Map(
    best.flatMap(({ layer, beta, added }) => (beta === null || !((added ?? 0) > 0) ? [] : [[layer, beta] as const])),
  );
}
