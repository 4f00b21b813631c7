import type { Policy } from "../../probes/policy/policy.ts";
import type { VariantPlan } from "../presets/plan-variants.ts";
import type { Preset } from "../presets/preset.ts";
import type { RunData } from "../run/run-data.ts";
import type { VariantSet } from "../run/variant-set.ts";

/** What was measured, as figures and words take it: of each reading its rows. */
export function variantSet(
  preset: Preset,
  policy: Policy,
  {
    panels,
    trainedDepth,
    variants,
  }: Pick<VariantSet, "panels" | "trainedDepth"> & { readonly variants: readonly VariantPlan[] },
  measured: readonly Pick<RunData, "metrics" | "histograms">[],
): VariantSet {
  const holds = Object.entries(policy);
  const remarks = preset.remarks.filter(({ when }) =>
    Object.entries(when).every(([key, value]) => holds.some(([name, one]) => name === key && one === value)),
  );
  return {
    title: preset.title,
    contrast: preset.contrast,
    panels,
    x: preset.x,
    diagonal: policy.diagonal === "include",
    trainedDepth,
    remarks: remarks.map(({ text }) => text),
    variants: measured.map(({ metrics, histograms }, k) => {
      const { name, label, words } = variants[k];
      return { name, label, words, metrics, histograms };
    }),
  };
}
