import type { PresetRecord } from "../presets/apply-preset.ts";
import { RUN_FILES } from "../run/run-files.ts";
import { variantFile } from "../run/variant-files.ts";
import type { VariantSet } from "../run/variant-set.ts";
import type { MeasuredVariant } from "./run-variants.ts";

/** What a manifest says of a preset: what it set, what won over it, how it is drawn, and each reading with its files. */
export function presetRecord(
  record: PresetRecord,
  { variants: _, ...figure }: VariantSet,
  measured: readonly MeasuredVariant[],
): Readonly<Record<string, unknown>> {
  const variants = measured.map(({ plan: { name, label, words, heads, overrides }, model }, place) => ({
    name,
    label,
    words,
    heads,
    overrides,
    sha256: model.sha256,
    metrics: variantFile(RUN_FILES.metrics, place, name),
    histograms: variantFile(RUN_FILES.histograms, place, name),
  }));
  return { ...record, figure, variants };
}
