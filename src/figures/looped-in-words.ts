import type { VariantSet } from "../run/variant-set.ts";
import { fixedDigits, percent } from "../words/format-number.ts";
import { type VariantStatistic, variantStatistics } from "./parts/variant-statistics.ts";

/** As long as the mean cosine stays so near to that of the last trained layer, the tokens rest. */
const REST = 0.05;
/** From this mean cosine on they have drawn together. */
const TOGETHER = 0.9;

/**
 * What becomes of the tokens where a reading goes on beyond the layers of the first: how long the mean cosine rests, when
 * it reaches .9, where it ends. Nothing where all readings have the same layers.
 */
export function loopedInWords(set: VariantSet): readonly string[] {
  const [own, looped] = set.variants.map((variant) => variantStatistics(variant, set));
  const [trained, end] = [own?.at(-1), looped?.at(-1)];
  if (!trained || !end || end.layer <= trained.layer) return [];
  const beyond = looped!.filter(({ layer }) => layer > trained.layer);
  const untrained = set.trainedDepth === null ? "" : ", which nobody trained";
  const path = [resting(beyond, trained), together(beyond, trained)].filter(Boolean).join(", ");
  const last = `ends at ${fixed(end)}, where ${percent(end.mass.value)} of the pairs lie above .9`;
  return [`Looped on to layer ${end.layer}${untrained}, the mean cosine ${path} and ${last}.`];
}

function resting(beyond: readonly VariantStatistic[], trained: VariantStatistic): string {
  const leaves = beyond.findIndex((one) => Math.abs(one.meanCosine.value - trained.meanCosine.value) > REST);
  const near = `within .05 of the ${fixed(trained)} of layer ${trained.layer}`;
  if (leaves === 0) return `leaves the ${fixed(trained)} of layer ${trained.layer} at once`;
  return leaves < 0 ? `stays ${near}` : `stays ${near} until layer ${beyond[leaves - 1]!.layer}`;
}

function together(beyond: readonly VariantStatistic[], trained: VariantStatistic): string {
  const first = beyond.find(({ meanCosine }) => meanCosine.value >= TOGETHER);
  return first && trained.meanCosine.value < TOGETHER ? `reaches .9 at layer ${first.layer}` : "";
}

function fixed({ meanCosine }: VariantStatistic): string {
  return fixedDigits(meanCosine.value, 2);
}
