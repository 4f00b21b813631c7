import type { Policy } from "../../probes/policy/policy.ts";
import { fixedEdges } from "../../probes/products/bin-edges.ts";
import { histogramsOf } from "../measure/probe-states.ts";
import type { Preset } from "../presets/preset.ts";
import type { VariantSet } from "../run/variant-set.ts";
import type { MeasuredVariant } from "./run-variants.ts";

/** What was measured, as figures and words take it. */
export function variantSet(
  preset: Preset,
  policy: Policy,
  { panels, trainedDepth }: Pick<VariantSet, "panels" | "trainedDepth">,
  measured: readonly Pick<MeasuredVariant, "plan" | "probed">[],
): VariantSet {
  const holds = Object.entries(policy);
  const remarks = preset.remarks.filter(({ when }) =>
    Object.entries(when).every(([key, value]) => holds.some(([name, one]) => name === key && one === value)),
  );
  return {
    title: preset.title,
    panels,
    x: preset.x,
    diagonal: policy.diagonal === "include",
    trainedDepth,
    remarks: remarks.map(({ text }) => text),
    variants: measured.map(({ plan: { name, label, words }, probed }) => ({
      name,
      label,
      words,
      metrics: probed.metrics,
      histograms: histogramsOf(probed.texts, [...fixedEdges()]),
    })),
  };
}
