import { meanOfKnown } from "../../probes/numerics/mean.ts";
import { familyLabel as label } from "../laws/families.ts";
import { percent } from "../words/format-number.ts";

/** What one block's updates owe to the other tokens, as far as it matters here: see `intervention.csv`. */
export interface ContextRow {
  readonly layer: number;
  readonly field: string;
  /** Share of the updates that changes where half of the other tokens are taken out of the context. */
  readonly context_share: number | null;
  /** Share of that change which the field's own change explains. */
  readonly update: number | null;
  /** The 95 % quantile of `update` with the field's tokens permuted. */
  readonly null: number | null;
}

/** Updates that change by less than this part of themselves do not depend on the other tokens: no attention moves them. */
export const NO_CONTEXT = 0.01;

/** Mean over layers and texts of the share of the updates that depends on the other tokens; `null` where nothing is known. */
export function contextShare(rows: readonly ContextRow[]): number | null {
  // Every field of a step has a row with the same share.
  return meanOfKnown(rows.map((row) => row.context_share));
}

/** What taking half of the other tokens out of the context showed; empty where nothing is known. */
export function contextSentence(rows: readonly ContextRow[]): string {
  const share = contextShare(rows);
  if (share === null) return "";
  const taken = "With half of the other tokens taken out of the context";
  if (share < NO_CONTEXT)
    return `${taken} the updates change by ${percent(share)} only: they hardly depend on the other tokens, so no attention among them moves them.`;
  const fields = [...new Set(rows.map(({ field }) => field))];
  const told = fields.flatMap((field) => {
    const own = rows.filter((row) => row.field === field);
    const update = meanOfKnown(own.map((row) => row.update));
    return update === null ? [] : [`${nameOf(field)} explains ${percent(Math.max(0, update))}`];
  });
  const chance = meanOfKnown(rows.map((row) => row.null));
  const beside = chance === null ? "" : ` (with the field's tokens permuted ${percent(Math.max(0, chance))})`;
  return `${taken} ${percent(share)} of the updates change${told.length > 0 ? `; of that change ${told.join(", ")}${beside}` : ""}.`;
}

/** Where tokens see only what comes before them, fields do too. */
function nameOf(field: string): string {
  const causal = field.endsWith("_causal");
  const name = causal ? field.slice(0, -"_causal".length) : field;
  const known = name === "averaging" ? name : label({ name });
  return causal ? `causal ${known}` : known;
}
