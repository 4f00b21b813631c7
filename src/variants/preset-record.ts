import type { PresetRecord } from "../presets/apply-preset.ts";
import type { VariantPlan } from "../presets/plan-variants.ts";
import type { Manifest } from "../run/manifest.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { variantFile } from "../run/variant-files.ts";
import type { VariantSet } from "../run/variant-set.ts";

/** What a manifest says of a preset: what it set, what won over it, how it is drawn, and each reading with its files. */
export function presetRecord(
  record: PresetRecord,
  { variants: _, ...figure }: VariantSet,
  plans: readonly VariantPlan[],
  models: readonly (Readonly<Record<string, unknown>> | undefined)[],
): NonNullable<Manifest["preset"]> {
  const variants = plans.map(({ name, label, words, heads, overrides }, place) => ({
    name,
    label,
    words,
    heads,
    overrides,
    sha256: models[place]?.sha256,
    metrics: variantFile(RUN_FILES.metrics, place, name),
    histograms: variantFile(RUN_FILES.histograms, place, name),
  }));
  return { ...record, figure, variants };
}
