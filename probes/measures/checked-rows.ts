import { definitionFault, inWords, type NamedDefinition } from "../../models/foreign/definition-fault.ts";
import { isNumberOrNull, numberInWords } from "./asked-number.ts";
import { isLegalName, nameRemedy } from "./definition.ts";
import type { MeasureRow } from "./measure.ts";

/**
 * The rows that somebody else's measure gives.
 *
 * @throws TokensphereError `input` in one line where they are no rows, or not such as a table of numbers can hold.
 */
export function checkedRows(measure: NamedDefinition, rows: unknown): readonly MeasureRow[] {
  if (Array.isArray(rows)) return rows.map((row) => checkedRow(measure, row));
  throw definitionFault("input", measure, `rows gave ${inWords(rows)}. ${FORM}`);
}

const FORM = "return a list of { measure, value, lo, hi, floor }";

function checkedRow(measure: NamedDefinition, row: unknown): MeasureRow {
  if (typeof row !== "object" || row === null)
    throw definitionFault("input", measure, `rows gave a list with ${inWords(row)}. ${FORM}`);
  const { measure: name, value, lo, hi, floor }: Partial<Record<keyof MeasureRow, unknown>> = row;
  if (!isLegalName(name)) {
    const called = typeof name === "string" ? JSON.stringify(name) : inWords(name);
    throw definitionFault("input", measure, `rows gave a row whose measure is ${called}. ${nameRemedy}`);
  }
  const known = (key: string, number: unknown): number | null => {
    if (isNumberOrNull(number)) return number;
    const what = `rows gave ${numberInWords(number)} as ${key} of ${name}`;
    throw definitionFault("input", measure, `${what}. give a finite number, or null where there is none`);
  };
  const own = known("value", value);
  if (own === null) throw definitionFault("input", measure, `rows gave null as value of ${name}. leave the row out`);
  return { measure: name, value: own, lo: known("lo", lo), hi: known("hi", hi), floor: known("floor", floor) };
}
