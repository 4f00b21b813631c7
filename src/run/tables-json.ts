import type { Tables } from "./run-tables.ts";

/** The tables beside `metrics` as `--json` calls them; those that nobody asked for are left out. */
export function tablesJson({ mid, attention, pairs, updates, valueOutput }: Tables): Readonly<Record<string, unknown>> {
  return {
    ...(mid ? { metrics_mid: mid } : {}),
    ...(attention ? { attention } : {}),
    ...(pairs ? { pair_metrics: pairs } : {}),
    ...(updates ? { updates } : {}),
    ...(valueOutput ? { value_output: valueOutput } : {}),
  };
}
