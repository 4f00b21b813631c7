import type { Family } from "./families.ts";
import type { TimeMap } from "./fit-result.ts";
import { bestIndex, type Searched } from "./search.ts";

/** β values whose mean W1 is within this share of the best cannot be told apart from it. */
const AS_GOOD = 0.05;
/** β is poorly determined where as-good values span more than this factor. */
const WIDE = 4;

/** Time has stopped where what is left is less than this share. */
const STILL = 0.03;

/** What limits a fit, in words. */
export function familyWarnings(
  { label }: Pick<Family, "label">,
  found: readonly Searched[],
  map: TimeMap,
  layers: readonly number[],
  interval: readonly [number, number] | null,
): string[] {
  const best = found[bestIndex(found, map)];
  const { beta, horizon } = best.candidate;
  const { times, w1 } = best.alignments[map];
  const asGood = found.filter((s) => s.alignments[map].w1 <= (1 + AS_GOOD) * w1).map((s) => s.candidate.beta);
  const [lo, hi] = [asGood[0], asGood[asGood.length - 1]];
  const warnings: string[] = [];
  if (times[times.length - 1] === 0)
    warnings.push(`${label}: the best time is 0 at every layer, so nothing moves and β means nothing`);
  else if (hi / lo > WIDE) {
    warnings.push(
      `${label}: the profile is flat, every β from ${lo.toPrecision(2)} to ${hi.toPrecision(2)} fits within 5 % of the best`,
    );
  } else if (interval !== null && interval[1] / interval[0] > WIDE) {
    warnings.push(
      `${label}: β is poorly determined, its interval runs from ${interval[0].toPrecision(2)} to ${interval[1].toPrecision(2)}`,
    );
  }
  const atEdge = beta < 1.05 * found[0].candidate.beta || beta > found[found.length - 1].candidate.beta / 1.05;
  if (atEdge) warnings.push(`${label}: the best β ${beta.toPrecision(3)} lies at the edge of the range searched`);
  const still = times.findIndex((t) => t >= (1 - STILL) * times[times.length - 1]);
  if (map === "monotone" && times.length > 4 && still > 0 && still <= (times.length - 1) / 2) {
    warnings.push(
      `${label}: its time all but stops after layer ${layers[still]}, what the later layers do is no motion of its own`,
    );
  }
  if (times[times.length - 1] >= 0.999 * horizon && horizon > 0) {
    warnings.push(`${label}: the last layer lies at the end of the simulated time ${horizon.toPrecision(3)}`);
  }
  return warnings;
}
