import type { Floors } from "../floors/floors.ts";
import type { Interval } from "../products/jackknife.ts";
import type { CloudView } from "./cloud-view.ts";

/** One number about a cloud: a row of `metrics.csv`. Bounds and floor are `null` where they are not known, never NaN. */
export interface MeasureRow {
  readonly measure: string;
  readonly value: number;
  /** 95 % interval. */
  readonly lo: number | null;
  readonly hi: number | null;
  /** What the same number is on average for independent uniform tokens of equal n and d. */
  readonly floor: number | null;
}

/** Something that is measured of a cloud: one row or several that share work. `defineMeasure` makes one of a function. */
export interface Measure {
  readonly name: string;
  /** What it is, in a line. */
  readonly about?: string;
  /** The rows; none where the measure does not exist for this cloud. */
  rows(cloud: CloudView): readonly MeasureRow[];
  /** Whether a row of this name is one of its rows: no other measure may give one. */
  owns(row: string): boolean;
  /** Whether it asks for `eigenvalues`, which an engine makes ready sooner where n > d. */
  readonly usesSpectrum?: boolean;
}

/** The row, in a list; an empty list where the value does not exist. */
export function measureRow(
  measure: string,
  value: number | null,
  floors: Floors,
  interval: Interval | null = null,
): readonly MeasureRow[] {
  if (value === null || !Number.isFinite(value)) return [];
  return [{ measure, value, lo: interval?.lo ?? null, hi: interval?.hi ?? null, floor: floors[measure] ?? null }];
}
