import type { LayerLabel } from "../../models/stream/hidden-states.ts";
import { csvTable, integer, layer, number, text } from "./rows/csv-table.ts";
import { RUN_FILES } from "./rows/run-files.ts";

/** One row of `pair-metrics.csv`: one measure of the tokens of a text after a layer and of the same tokens elsewhere. */
export interface PairMetricRow {
  /** 0-based index of the text. */
  readonly text: number;
  readonly layer: LayerLabel;
  /**
   * What the second cloud is: `layers`, another layer of the same text; `texts`, another text at the same layer; or the name of
   * a family of the fit, whose prediction it is.
   */
  readonly other: string;
  readonly other_text: number;
  readonly other_layer: LayerLabel;
  readonly measure: string;
  readonly value: number;
  /** Tokens of each cloud. */
  readonly n: number;
  readonly d: number;
}

/** `pair-metrics.csv`. */
export const PAIRS = csvTable<PairMetricRow>(RUN_FILES.pairs, {
  text: integer,
  layer,
  other: text,
  other_text: integer,
  other_layer: layer,
  measure: text,
  value: number,
  n: integer,
  d: integer,
});
