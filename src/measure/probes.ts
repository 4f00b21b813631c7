import type { MeasuredTable, TableRows } from "../run/run-tables.ts";
import { attentionProbe } from "./attention-probe.ts";
import { layerPairsProbe } from "./layer-pairs-probe.ts";
import { layersProbe, residMidProbe } from "./layers-probe.ts";
import type { MeasureOptions, Probe } from "./probe.ts";
import { updatesProbe } from "./updates-probe.ts";
import { clustersProbe, coordinatesProbe, tokenPairsProbe, tokensProbe } from "./who-probes.ts";

/** What fills each table of a run that is measured, text by text. */
export const PROBES: { readonly [T in MeasuredTable]: Probe<TableRows[T]> } = {
  metrics: layersProbe,
  mid: residMidProbe,
  attention: attentionProbe,
  pairs: layerPairsProbe,
  tokens: tokensProbe,
  tokenPairs: tokenPairsProbe,
  clusters: clustersProbe,
  coordinates: coordinatesProbe,
  updates: updatesProbe,
};

/** Every such table, in their order. */
const MEASURED = Object.keys(PROBES) as readonly MeasuredTable[];

/** The tables that the options ask for. */
export function askedTables(options: MeasureOptions): readonly MeasuredTable[] {
  return MEASURED.filter((name) => PROBES[name].asked(options));
}
