import type { VariantRun, VariantSet } from "../../run/variant-set.ts";
import { type LayerStatistic, layerStatistics } from "./layer-statistics.ts";
import { withoutDiagonal } from "./without-diagonal.ts";

/** Mean over texts of a layer's pairs i ≠ j, with the range over texts. */
export interface VariantStatistic {
  readonly layer: number;
  readonly meanCosine: LayerStatistic;
  /** Share of the pairs whose cosine exceeds .9. */
  readonly mass: LayerStatistic;
}

/** Of every layer, in increasing order, whatever the diagonal policy: pairs i ≠ j. */
export function variantStatistics(
  { metrics }: Pick<VariantRun, "metrics">,
  { diagonal }: Pick<VariantSet, "diagonal">,
): readonly VariantStatistic[] {
  const rows = diagonal ? withoutDiagonal(metrics) : metrics;
  const masses = new Map(layerStatistics(rows, "mass_0.9").map((one) => [one.layer, one]));
  return layerStatistics(rows, "mean_cosine").flatMap((meanCosine) => {
    const mass = masses.get(meanCosine.layer);
    return mass ? [{ layer: meanCosine.layer, meanCosine, mass }] : [];
  });
}

/** What each reading is, a sentence each. */
export function readingsInWords({ variants }: VariantSet): string {
  return variants.map(({ label, words }) => `${label}: ${words}.`).join(" ");
}
