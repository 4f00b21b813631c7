import type { VariantRun, VariantSet } from "../run/variant-set.ts";
import { fixedDigits, percent, percentRange } from "../words/format-number.ts";
import { type VariantStatistic, variantStatistics } from "./parts/variant-statistics.ts";

/** From this share of the pairs above .9 on we speak of collapse, from the second of a beginning of it. */
const COLLAPSED = 0.5;
const BEGUN = 0.1;

/**
 * What the readings show, in sentences: shares and means of pairs i ≠ j at the last layer, whether that is a collapse, and
 * whether it is seen in the network that was trained.
 */
export function variantsInWords(set: VariantSet): readonly string[] {
  return [...set.variants.map((variant) => ofVariant(variant, set)), ...conclusion(set), ...counted(set)];
}

function counted({ remarks }: VariantSet): string[] {
  return remarks.length === 0 ? [] : [`In the figure ${remarks.join("; ")}. All numbers here are of pairs i ≠ j.`];
}

function ofVariant(variant: VariantRun, set: VariantSet): string {
  const all = variantStatistics(variant, set);
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last) return `${variant.label}: nothing was measured.`;
  const start = `At layer ${first.layer} the mean cosine is ${fixed(first.meanCosine.value)}, ${shareOf(first)} of the pairs lie above .9`;
  const end = `at layer ${last.layer} ${fixed(last.meanCosine.value)} and ${shareOf(last)}: ${verdictOf(last)}`;
  return `${variant.label}: ${variant.words}. ${start}; ${end}.`;
}

/** Only where there is another reading to hold against the first. */
function conclusion(set: VariantSet): string[] {
  const [published, own] = set.variants.map((variant) => variantStatistics(variant, set));
  const [first, second] = [published?.at(-1), own?.at(-1)];
  if (!first || !second) return [];
  const [a, b] = [set.variants[0]!.label, set.variants[1]!.label];
  const trained = own!.find(({ layer }) => layer === set.trainedDepth);
  const until = trained
    ? [
        `With ${b} ${shareOf(trained)} of the pairs lie above .9 at layer ${trained.layer}, the last that was trained: ${verdictOf(trained)}.`,
      ]
    : [];
  return [compared(first, second, a, b), ...until];
}

function compared(first: VariantStatistic, second: VariantStatistic, a: string, b: string): string {
  const [x, y] = [first.mass.value, second.mass.value];
  const at = `by layer ${first.layer}`;
  if (x >= BEGUN && y < BEGUN) return `The drawing together ${at} is seen with ${a} only, not with ${b}.`;
  if (x < BEGUN && y >= BEGUN) return `The drawing together ${at} is seen with ${b} only, not with ${a}.`;
  if (x < BEGUN) return `No collapse ${at}, with ${a} or with ${b}.`;
  if (x >= COLLAPSED && y >= COLLAPSED) return `The collapse ${at} is seen with ${a} and with ${b}.`;
  return `The drawing together ${at} is seen with both, further with ${x > y ? a : b}.`;
}

function verdictOf({ mass }: VariantStatistic): string {
  if (mass.value >= COLLAPSED) return "collapsed (more than half)";
  return mass.value >= BEGUN ? "partly collapsed" : "not collapsed";
}

/** "23 %", with the range over texts where there are several, else the interval of the one: "23 % (12 to 70 %)". */
function shareOf({ mass: { value, lo, hi } }: VariantStatistic): string {
  const range = lo !== null && hi !== null && hi - lo >= 0.001 ? ` (${percentRange([lo, hi], " to ")})` : "";
  return `${percent(value)}${range}`;
}

function fixed(value: number): string {
  return fixedDigits(value, 2);
}
