import type { LayerLabel } from "../../models/stream/hidden-states.ts";
import { csvTable, integer, layer, number, optional, text } from "./rows/csv-table.ts";
import { RUN_FILES } from "./rows/run-files.ts";

/** One row of `metrics.csv`: one text, layer and measure. A bound or floor that is not known is `null` (empty in the file). */
export interface MetricRow {
  /** 0-based index of the text. */
  readonly text: number;
  readonly layer: LayerLabel;
  /** Snake case: `mean_cosine`, `mass_0.9`, `effective_rank` … */
  readonly measure: string;
  readonly value: number;
  readonly lo: number | null;
  readonly hi: number | null;
  /** What n isotropic points in d dimensions would give. */
  readonly floor: number | null;
  readonly n: number;
  readonly d: number;
}

/** `metrics.csv`, and `metrics-mid.csv`, which has the same columns. */
export const METRICS = csvTable<MetricRow>(RUN_FILES.metrics, {
  text: integer,
  layer,
  measure: text,
  value: number,
  lo: optional,
  hi: optional,
  floor: optional,
  n: integer,
  d: integer,
});
