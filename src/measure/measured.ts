import type { TextHistograms } from "../run/histograms.ts";
import { rowsOf, TABLE_NAMES, type TableName, type Tables } from "../run/run-tables.ts";

/** What was measured of some texts: the tables that were asked for, and histograms. */
export interface Measured extends Tables {
  readonly texts: readonly TextHistograms[];
  /** False where nothing said which tokens are special. */
  readonly specialKnown: boolean;
}

/** One after the other. */
export function joinMeasured(parts: readonly Measured[]): Measured {
  const there = TABLE_NAMES.filter((name) => parts.some((part) => part[name] !== undefined));
  return {
    ...Object.fromEntries(there.map((name) => [name, parts.flatMap((part) => rowsOf<TableName>(part, name))])),
    texts: parts.flatMap(({ texts }) => texts),
    specialKnown: parts.every(({ specialKnown }) => specialKnown),
  };
}
