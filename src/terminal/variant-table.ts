import { table } from "../effects/table.ts";
import { variantStatistics } from "../figures/parts/variant-statistics.ts";
import { panelsOf, type VariantSet } from "../run/variant-set.ts";
import { fixedDigits } from "../words/format-number.ts";

/** The readings side by side for the terminal: layers of the panels and the last that was trained, pairs i ≠ j. */
export function variantTable(set: VariantSet, width: number | null = null): string[] {
  const layers = [
    ...new Set([
      ...set.variants.flatMap((one) => panelsOf(one, set)),
      ...(set.trainedDepth === null ? [] : [set.trainedDepth]),
    ]),
  ];
  const all = set.variants.map((variant) => new Map(variantStatistics(variant, set).map((one) => [one.layer, one])));
  const rows = layers
    .sort((a, b) => a - b)
    .map((layer) => [
      String(layer),
      ...all.flatMap((of) => {
        const one = of.get(layer);
        return one ? [fixedDigits(one.meanCosine.value, 3), fixedDigits(one.mass.value, 3)] : ["–", "–"];
      }),
      layer === set.trainedDepth ? "the last that was trained" : "",
    ]);
  const heads = set.variants.flatMap(({ label }) => [`${label}: mean cosine`, "mass > .9"]);
  return table(["layer", ...heads, ""], rows, width);
}
