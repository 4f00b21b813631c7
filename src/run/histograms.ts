import type { LayerLabel } from "../../models/stream/hidden-states.ts";

/** `histograms.json`: counts of pairwise inner products on fixed edges. */
export interface Histograms {
  readonly format: "tokensphere/histograms";
  readonly version: 1;
  /** `bins + 1` edges, increasing; the last bin is closed. */
  readonly edges: readonly number[];
  readonly texts: readonly TextHistograms[];
}

export interface TextHistograms {
  readonly text: number;
  readonly n: number;
  readonly d: number;
  readonly layers: readonly LayerHistogram[];
}

export interface LayerHistogram {
  readonly layer: LayerLabel;
  readonly counts: readonly number[];
  /** Edges of its own, where inner products are no cosines and have no fixed range. */
  readonly edges?: readonly number[];
}
