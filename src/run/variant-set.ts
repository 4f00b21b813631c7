import type { Histograms } from "./histograms.ts";
import type { MetricRow } from "./metrics.ts";

/** One reading of a model's weights, as measured. */
export interface VariantRun {
  /** In file names; the first of a set has none. */
  readonly name: string;
  /** "1 head", "16 heads". */
  readonly label: string;
  /** What this network is, in words. */
  readonly words: string;
  readonly metrics: readonly MetricRow[];
  readonly histograms: Histograms;
  /** Layers that get a panel, where they are other ones than those of the set. */
  readonly panels?: readonly number[];
}

/** The same weights read in several ways on the same texts, to be drawn beside each other. */
export interface VariantSet {
  readonly title: string;
  /** In what the readings differ, behind "the same weights": "with different numbers of heads". */
  readonly contrast: string;
  /** Layers that get a panel in every row. */
  readonly panels: readonly number[];
  /** Limits of the drawn inner products. */
  readonly x: readonly [number, number];
  /** Whether a token's product with itself was counted. */
  readonly diagonal: boolean;
  /** The last layer that was trained, where that is known and the readings go further. */
  readonly trainedDepth: number | null;
  /** What else must be said wherever these are shown. */
  readonly remarks: readonly string[];
  readonly variants: readonly VariantRun[];
}

/** The layers of a reading that get a panel. */
export function panelsOf({ panels }: Pick<VariantRun, "panels">, set: Pick<VariantSet, "panels">): readonly number[] {
  return panels ?? set.panels;
}
