import { moments } from "../../probes/products/moments.ts";

/** Pearson's correlation of the same pairs' inner products; `null` where those of one cloud are all equal up to rounding. */
export function pairCorrelation(observed: Float64Array, predicted: Float64Array): number | null {
  const [of, and] = [moments(observed), moments(predicted)];
  // A shape exists exactly where the spread is more than rounding.
  if (of.skew === null || and.skew === null) return null;
  let sum = 0;
  for (let p = 0; p < observed.length; p++) sum += (observed[p] - of.mean) * (predicted[p] - and.mean);
  return Math.max(-1, Math.min(1, sum / observed.length / (of.sd * and.sd)));
}

/** Share of the closest 1 % of the pairs (at least one) that is among the closest 1 % of the other cloud too. */
export function closestShare(observed: Float64Array, predicted: Float64Array): number | null {
  if (observed.length === 0) return null;
  const count = Math.max(1, Math.round(0.01 * observed.length));
  const [these, those] = [closest(observed, count), closest(predicted, count)];
  let common = 0;
  for (const pair of these) if (those.has(pair)) common++;
  return common / count;
}

/** The places of the largest values; of equal ones those that come first. */
function closest(values: Float64Array, count: number): Set<number> {
  const least = values.slice().sort()[values.length - count];
  const above: number[] = [];
  const equal: number[] = [];
  values.forEach((value, p) => {
    if (value > least) above.push(p);
    else if (value === least) equal.push(p);
  });
  return new Set([...above, ...equal.slice(0, count - above.length)]);
}
