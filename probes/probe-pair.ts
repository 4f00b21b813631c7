import { TokensphereError } from "../models/errors.ts";
import type { Cloud } from "./cloud.ts";
import { type CloudView, viewCloud } from "./measures/cloud-view.ts";
import { requireDistinctPairs } from "./pairs/define-pair-measure.ts";
import type { PairMeasure, PairRow } from "./pairs/pair-measure.ts";
import { PAIR_MEASURES } from "./pairs/pair-measures.ts";

/**
 * Measures two clouds: of the same tokens, i in one being i in the other (two layers of a text, network and prediction), or, by
 * measures of `anyTokens`, of two texts. A measure that does not exist for them has no row. Clouds are unit vectors; of others, and
 * of those compared many times, give `viewCloud`. Throws `input` where the numbers of tokens differ and a measure minds, and what
 * `viewCloud` and the measures throw.
 *
 * @param where - Where they come from, for messages: "text 0, layers 3 and 5".
 */
export function probePair(
  a: Cloud | CloudView,
  b: Cloud | CloudView,
  measures: readonly PairMeasure[] = PAIR_MEASURES,
  where: string | null = null,
): PairRow[] {
  requireDistinctPairs(measures);
  if (a.n !== b.n && !measures.every(({ anyTokens }) => anyTokens)) {
    const place = where === null ? "" : `${where}: `;
    throw new TokensphereError("input", `${place}pair of clouds: ${a.n} and ${b.n} tokens. give the same tokens twice`);
  }
  const [left, right] = [viewed(a), viewed(b)];
  return measures.flatMap((measure) => {
    const value = measure.between(left, right, where);
    return value === null ? [] : [{ measure: measure.name, value, n: a.n, d: a.d }];
  });
}

function viewed(cloud: Cloud | CloudView): CloudView {
  return "sortedPairs" in cloud ? cloud : viewCloud(cloud);
}
