import { mean } from "../../../probes/numerics/mean.ts";
import type { MetricRow } from "../../run/metrics.ts";

/** One measure at one layer, over all texts. */
export interface LayerStatistic {
  readonly layer: number;
  /** Mean over texts. */
  readonly value: number;
  /** One text: the bounds of its row. Several: their range over texts. */
  readonly lo: number | null;
  readonly hi: number | null;
  /** Mean over texts of what isotropic points would give. */
  readonly floor: number | null;
}

/** A measure by layer in increasing order, `final_norm` left out: it is no point of the residual stream. */
export function layerStatistics(metrics: readonly MetricRow[], measure: string): readonly LayerStatistic[] {
  const byLayer = new Map<number, MetricRow[]>();
  for (const row of metrics) {
    if (row.measure !== measure || row.layer === "final_norm") continue;
    byLayer.set(row.layer, [...(byLayer.get(row.layer) ?? []), row]);
  }
  return [...byLayer].sort(([a], [b]) => a - b).map(([layer, rows]) => ({ layer, ...overTexts(rows) }));
}

/** Mean over texts, with bounds as {@link LayerStatistic} says. At least one row. */
export function overTexts(rows: readonly MetricRow[]): Omit<LayerStatistic, "layer"> {
  const values = rows.map((row) => row.value);
  const floors = rows.map((row) => row.floor).filter((floor) => floor !== null);
  const alone = rows.length === 1;
  return {
    value: mean(values),
    lo: alone ? rows[0]!.lo : Math.min(...values),
    hi: alone ? rows[0]!.hi : Math.max(...values),
    floor: floors.length === rows.length ? mean(floors) : null,
  };
}
