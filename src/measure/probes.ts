import { TABLE_NAMES, type TableName, type TableRows } from "../run/run-tables.ts";
import { attentionProbe } from "./attention-probe.ts";
import { layerPairsProbe } from "./layer-pairs-probe.ts";
import { layersProbe, residMidProbe } from "./layers-probe.ts";
import type { MeasureOptions, Probe } from "./probe.ts";

/** What fills each table of a run, text by text. */
export const PROBES: { readonly [T in TableName]: Probe<TableRows[T]> } = {
  metrics: layersProbe,
  mid: residMidProbe,
  attention: attentionProbe,
  pairs: layerPairsProbe,
};

/** The tables that the options ask for. */
export function askedTables(options: MeasureOptions): readonly TableName[] {
  return TABLE_NAMES.filter((name) => PROBES[name].asked(options));
}
