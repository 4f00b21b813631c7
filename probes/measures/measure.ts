import type { Floors } from "../floors/floors.ts";
import type { Interval } from "../products/jackknife.ts";

/** One number about a cloud: a row of `metrics.csv`. Bounds and floor are `null` where they are not known, never NaN. */
export interface Measure {
  readonly measure: string;
  readonly value: number;
  /** 95 % interval. */
  readonly lo: number | null;
  readonly hi: number | null;
  /** What the same number is on average for independent uniform tokens of equal n and d. */
  readonly floor: number | null;
}

/** The row, in a list; an empty list where the value does not exist. */
export function measureRow(
  measure: string,
  value: number | null,
  floors: Floors,
  interval: Interval | null = null,
): readonly Measure[] {
  if (value === null || !Number.isFinite(value)) return [];
  return [{ measure, value, lo: interval?.lo ?? null, hi: interval?.hi ?? null, floor: floors[measure] ?? null }];
}
