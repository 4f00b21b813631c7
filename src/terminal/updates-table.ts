import { table } from "../effects/table.ts";
import { withoutHeads } from "../updates/own-parts-in-words.ts";
import { UPDATE_COLUMNS, updateCells } from "../updates/update-cells.ts";
import type { UpdateRow } from "../updates/update-row.ts";

/** The law of the updates for a terminal: one line a step and field but single heads, shares in percent. */
export function updatesTable(rows: readonly UpdateRow[], width: number | null = null): string[] {
  return table(UPDATE_COLUMNS, withoutHeads(rows).map(updateCells), width);
}
