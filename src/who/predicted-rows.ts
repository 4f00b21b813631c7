import { largestPlaces } from "./closest-pairs.ts";
import type { TextLayer, TextTokens } from "./text-layers.ts";
import type { TokenPairRow } from "./token-pair-row.ts";
import { DEFAULT_PAIRS, pairRow } from "./who.ts";

/**
 * The pairs of a layer that are closest, and those whose cosine is farthest from what the best of the families predicts for the pair:
 * what no family comes near.
 *
 * @param predicted - Cosines i < j by family; without any, the closest pairs alone.
 */
export function predictedRows(
  one: TextLayer & TextTokens,
  text: number,
  predicted: Readonly<Record<string, Float64Array>>,
  count = DEFAULT_PAIRS,
): readonly TokenPairRow[] {
  const closest = largestPlaces(one.pairs, count);
  const families = Object.entries(predicted);
  const row = (p: number, why: string) =>
    pairRow(one, text, p, why, Object.fromEntries(families.map(([name, products]) => [name, products[p]])));
  if (families.length === 0) return closest.map((p) => row(p, "closest"));
  const misses = one.pairs.map((cosine, p) =>
    families.reduce((least, [, products]) => Math.min(least, Math.abs(products[p] - cosine)), Number.POSITIVE_INFINITY),
  );
  const differing = largestPlaces(misses, count);
  const [near, far] = [new Set(closest), new Set(differing)];
  return [
    ...closest.map((p) => row(p, far.has(p) ? "both" : "closest")),
    ...differing.filter((p) => !near.has(p)).map((p) => row(p, "differs")),
  ];
}
