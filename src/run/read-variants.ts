import type { Histograms } from "./histograms.ts";
import type { Manifest } from "./manifest.ts";
import type { MetricRow } from "./metrics.ts";
import type { VariantSet } from "./variant-set.ts";

type Preset = NonNullable<Manifest["preset"]>;

/** How the files of a run are read. */
export interface VariantReaders {
  readonly metrics: (file: string) => readonly MetricRow[];
  readonly histograms: (file: string) => Histograms;
}

/**
 * The readings of a run that a preset made, from what its manifest says of the preset.
 *
 * @throws what the readers throw.
 */
export function readVariants({ figure, variants }: Preset, read: VariantReaders): VariantSet {
  return {
    ...figure,
    variants: variants.map(({ name, label, words, metrics, histograms }) => ({
      name,
      label,
      words,
      metrics: read.metrics(metrics),
      histograms: read.histograms(histograms),
    })),
  };
}
