import type { Floors } from "../floors/floors.ts";
import { quantileLevels } from "../floors/measure-defaults.ts";
import { between } from "../numerics/quantiles.ts";
import { sortValues } from "../numerics/sort-values.ts";
import type { PairIntervals } from "../products/jackknife.ts";
import { sortedMassAbove } from "../products/mass-above.ts";
import { moments } from "../products/moments.ts";
import { type Measure, type MeasureRow, measureRow } from "./measure.ts";

/** `cosine` for unit vectors; `inner_product` for others, which have no mass near 1 to speak of. */
export type ProductKind = "cosine" | "inner_product";

/** Moments and quantiles of the inner products and, of unit tokens, the share of them above each mass threshold. */
export const productMeasures: Measure = {
  name: "products",
  about: "moments, quantiles and masses near 1 of the inner products",
  rows: ({ sortedValues, unit, masses, valueFloors, intervals }) =>
    sortedProducts(sortedValues, unit ? "cosine" : "inner_product", masses, valueFloors, intervals),
  owns: (row) => /^((mean|sd|skew|min|max|q\d\d)_(cosine|inner_product)|mass_.*)$/.test(row),
};

/** Moments, quantiles and masses of inner products in any order, which stay as they are. Needs at least one value. */
export function measureProducts(
  values: Float64Array,
  kind: ProductKind,
  masses: readonly number[],
  floors: Floors,
  intervals: PairIntervals | null,
): readonly MeasureRow[] {
  return sortedProducts(sortValues(values.slice()), kind, masses, floors, intervals);
}

function sortedProducts(
  sorted: Float64Array,
  kind: ProductKind,
  masses: readonly number[],
  floors: Floors,
  intervals: PairIntervals | null,
): readonly MeasureRow[] {
  const { mean, sd, skew, min, max } = moments(sorted);
  const q = quantileLevels.map(({ level }) => between(sorted, level * (sorted.length - 1)));
  return [
    measureRow(`mean_${kind}`, mean, floors, intervals?.mean),
    measureRow(`sd_${kind}`, sd, floors, intervals?.sd),
    measureRow(`skew_${kind}`, skew, floors),
    measureRow(`min_${kind}`, min, floors),
    quantileLevels.flatMap(({ name }, k) => measureRow(`${name}_${kind}`, q[k], floors)),
    measureRow(`max_${kind}`, max, floors),
    kind === "cosine" ? massRows(sorted, masses, floors, intervals) : [],
  ].flat();
}

function massRows(
  sorted: Float64Array,
  masses: readonly number[],
  floors: Floors,
  intervals: PairIntervals | null,
): readonly MeasureRow[] {
  return masses.flatMap((t, k) => measureRow(`mass_${t}`, sortedMassAbove(sorted, t), floors, intervals?.masses[k]));
}
