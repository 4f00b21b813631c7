import type { Tables } from "./run-tables.ts";

/** The tables beside `metrics` as `--json` calls them; those that nobody asked for are left out. */
export function tablesJson({
  mid,
  attention,
  pairs,
  updates,
  valueOutput,
  ...who
}: Tables): Readonly<Record<string, unknown>> {
  return {
    ...(mid ? { metrics_mid: mid } : {}),
    ...(attention ? { attention } : {}),
    ...(pairs ? { pair_metrics: pairs } : {}),
    ...(who.tokens ? { tokens: who.tokens } : {}),
    ...(who.tokenPairs ? { token_pairs: who.tokenPairs } : {}),
    ...(who.clusters ? { clusters: who.clusters } : {}),
    ...(who.coordinates ? { coordinates: who.coordinates } : {}),
    ...(updates ? { updates } : {}),
    ...(valueOutput ? { value_output: valueOutput } : {}),
  };
}
