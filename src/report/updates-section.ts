import { withoutHeads } from "../updates/own-parts-in-words.ts";
import { UPDATE_COLUMNS, updateCells } from "../updates/update-cells.ts";
import { updatesInWords } from "../updates/updates-in-words.ts";
import { updatesOverTexts } from "../updates/updates-over-texts.ts";
import { escapeHtml, prose, section, table } from "./html.ts";
import type { ReportInput } from "./report-input.ts";

const CAPTION =
  "What fields make of each step, shares in percent, over texts. Turn: root mean square angle of the tokens in radians. No selection: share of the change of inner products that functions of the pair’s own product and of the closeness to the mean make. Of motion, of products, beyond mean: shares of the field’s best single step. Partial: of what no selection leaves. Added: the same of the whole change. Shuffled: 95 % of fields with permuted tokens add less.";

/** Where the updates were measured: what fields add at which layers, in words and row by row. */
export function updatesSection({ updates = [] }: ReportInput): string {
  if (updates.length === 0) return "";
  const rows = updatesOverTexts(updates);
  const cells = withoutHeads(rows).map((row) => updateCells(row).map(escapeHtml));
  const words = `<p>${prose(updatesInWords(rows))}</p>\n`;
  return section("updates", "The law of the updates", words + table(CAPTION, UPDATE_COLUMNS, cells, "numbers"));
}
