import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { GramEngine } from "../../probes/products/gram-engine.ts";
import type { MeasuredTable, TableRows } from "../run/run-tables.ts";
import { joinMeasured, type Measured } from "./measured.ts";
import type { MeasureOptions, OneText, Probe } from "./probe.ts";
import { askedTables, PROBES } from "./probes.ts";

/**
 * Measures every text of a batch into the tables that the options ask for; the rows are texts numbered from `firstText` on.
 * Failures say "text" and the row.
 *
 * @param tables - Some of them, where not all are wanted at once.
 */
export async function measureBatch(
  engine: GramEngine,
  states: HiddenStates,
  firstText: number,
  options: MeasureOptions,
  progress: (fraction: number) => void = () => {},
  tables: readonly MeasuredTable[] = askedTables(options),
): Promise<Measured> {
  const parts: Measured[] = [];
  for (let row = 0; row < states.batch; row++) {
    const share = (fraction: number) => progress((row + fraction) / states.batch);
    const one = { engine, states, row, text: firstText + row, options, progress: share };
    for (const name of tables) parts.push(await measureOne(name, one));
  }
  return joinMeasured(parts);
}

async function measureOne<T extends MeasuredTable>(name: T, one: OneText): Promise<Measured> {
  const probe: Probe<TableRows[T]> = PROBES[name];
  const { rows, histograms } = await probe.measure(one);
  return { [name]: rows, texts: histograms ? [histograms] : [], specialKnown: one.states.special !== null };
}
