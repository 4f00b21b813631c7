import { z } from "zod";
import { TokensphereError } from "../../models/errors.ts";
import type { Histograms } from "./histograms.ts";
import type { MetricRow } from "./metrics.ts";
import type { VariantSet } from "./variant-set.ts";

/** A file of the run's own folder. */
const fileName = z.string().regex(/^[\w-]+\.(csv|json)$/);

const presetPart = z.looseObject({
  figure: z.object({
    title: z.string(),
    panels: z.array(z.int().nonnegative()).min(1),
    x: z.tuple([z.number(), z.number()]),
    diagonal: z.boolean(),
    trainedDepth: z.number().nullable(),
    remarks: z.array(z.string()),
  }),
  variants: z
    .array(
      z.looseObject({
        name: z.string(),
        label: z.string(),
        words: z.string(),
        metrics: fileName,
        histograms: fileName,
      }),
    )
    .min(1),
});

/** How the files of a run are read. */
export interface VariantReaders {
  readonly metrics: (file: string) => readonly MetricRow[];
  readonly histograms: (file: string) => Histograms;
}

/**
 * The readings of a run that a preset made, from what its manifest says of the preset.
 *
 * @throws TokensphereError `input` where the manifest's part cannot be used, and what the readers throw.
 */
export function readVariants(preset: unknown, read: VariantReaders): VariantSet {
  const checked = presetPart.safeParse(preset);
  if (!checked.success) {
    const { path, message } = checked.error.issues[0];
    const what = `manifest.json: preset.${path.join(".")}: ${message.toLowerCase()}`;
    throw new TokensphereError("input", `${what}. make the run again with this version`);
  }
  const { figure, variants } = checked.data;
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
