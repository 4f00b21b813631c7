import { percentRange } from "../words/format-number.ts";
import { listInWords } from "../words/list-in-words.ts";
import { isOwnPart } from "./fields.ts";
import type { UpdateRow } from "./update-row.ts";

/** What is told of the network's own parts, by field. */
const PARTS: Readonly<Record<string, string>> = {
  attention_branch: "its attention branch",
  mlp_branch: "its MLP branch",
  attention: "its attention with V = I",
};

/**
 * How much of the motion of the tokens the network's own parts are: the range over steps of each, backward motion below 0. Empty where none
 * was measured.
 *
 * @param rows - Of one text, or means over texts.
 */
export function ownPartsInWords(rows: readonly UpdateRow[]): string {
  const told = Object.entries(PARTS).flatMap(([field, words]) => {
    const shares = rows.flatMap((row) => (row.field === field && row.update !== null ? [row.update] : []));
    return shares.length === 0 ? [] : [`${words} is ${percentRange(shares, " to ")}`];
  });
  return told.length === 0 ? "" : `Of the network's own parts ${listInWords(told)} of that motion.`;
}

/** The rows to be shown: each head has its own in the file and in JSON. */
export function withoutHeads(rows: readonly UpdateRow[]): readonly UpdateRow[] {
  return rows.filter(({ field }) => !(field.includes(".") && isOwnPart(field)));
}
