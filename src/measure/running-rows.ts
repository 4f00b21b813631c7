import type { MetricRow } from "../run/metrics.ts";

/** Sums of rows over texts. */
export interface RunningRows {
  add(rows: readonly MetricRow[]): void;
  /** One row a layer and measure: mean over texts, with their range as bounds; of a single text its own rows. */
  kept(): readonly MetricRow[];
}

/** A measure of one layer over the texts so far. */
interface RunningRow {
  readonly row: MetricRow;
  count: number;
  sum: number;
  least: number;
  most: number;
  /** Sum of the floors; null once a text has none. */
  floor: number | null;
}

/** Takes the rows of text after text and holds no more than a sum for each layer and measure. */
export function runningRows(): RunningRows {
  const found = new Map<string, RunningRow>();
  return {
    add(rows) {
      for (const row of rows) addRow(found, row);
    },
    kept: () => [...found.values()].map(keptRow),
  };
}

function addRow(found: Map<string, RunningRow>, row: MetricRow): void {
  const key = `${row.layer} ${row.measure}`;
  const before = found.get(key);
  if (!before) {
    found.set(key, { row, count: 1, sum: row.value, least: row.value, most: row.value, floor: row.floor });
    return;
  }
  before.count++;
  before.sum += row.value;
  before.least = Math.min(before.least, row.value);
  before.most = Math.max(before.most, row.value);
  before.floor = before.floor === null || row.floor === null ? null : before.floor + row.floor;
}

function keptRow({ row, count, sum, least, most, floor }: RunningRow): MetricRow {
  if (count === 1) return row;
  return { ...row, value: sum / count, lo: least, hi: most, floor: floor === null ? null : floor / count };
}
