import type { Histograms } from "./histograms.ts";
import type { Manifest } from "./manifest.ts";
import type { MetricRow } from "./metrics.ts";
import type { VariantSet } from "./variant-set.ts";

type Readings = NonNullable<Manifest["preset"] | Manifest["looped"]>;

/** How the files of a run are read. */
export interface VariantReaders {
  readonly metrics: (file: string) => readonly MetricRow[];
  readonly histograms: (file: string) => Histograms;
}

/**
 * The readings of a run that a preset made, or that were looped on, from what its manifest says of them.
 *
 * @throws what the readers throw.
 */
export function readVariants({ figure, variants }: Readings, read: VariantReaders): VariantSet {
  return {
    ...figure,
    variants: variants.map(({ name, label, words, metrics, histograms, panels: own }) => ({
      ...(own ? { panels: own } : {}),
      name,
      label,
      words,
      metrics: read.metrics(metrics),
      histograms: read.histograms(histograms),
    })),
  };
}
