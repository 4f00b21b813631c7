import { moments } from "../products/moments.ts";

/**
 * How far inner products that were predicted agree with those observed, pair by pair: both over the same pairs i < j, in one order.
 */

/** Pearson's correlation; `null` where the products of one side are all equal up to rounding. */
export function productCorrelation(observed: Float64Array, predicted: Float64Array): number | null {
  const [of, and] = [moments(observed), moments(predicted)];
  // A shape exists exactly where the spread is more than rounding.
  if (of.skew === null || and.skew === null) return null;
  let sum = 0;
  for (let p = 0; p < observed.length; p++) sum += (observed[p] - of.mean) * (predicted[p] - and.mean);
  return Math.max(-1, Math.min(1, sum / observed.length / (of.sd * and.sd)));
}

/** Root mean square of the differences. */
export function productRmse(observed: Float64Array, predicted: Float64Array): number {
  let sum = 0;
  for (let p = 0; p < observed.length; p++) sum += (observed[p] - predicted[p]) ** 2;
  return Math.sqrt(sum / observed.length);
}

/**
 * The share of the closest pairs that both sides have in common, 0 … 1: of the max(1, round(share · pairs)) largest products of each.
 * Of equal products those that come first count as closer.
 */
export function closestInCommon(observed: Float64Array, predicted: Float64Array, share = 0.01): number {
  const count = Math.max(1, Math.round(share * observed.length));
  const ours = closest(observed, count);
  const theirs = new Set(closest(predicted, count));
  return ours.filter((pair) => theirs.has(pair)).length / count;
}

function closest(products: Float64Array, count: number): readonly number[] {
  // Values are sorted ten times as fast as places.
  const least = products.slice().sort()[products.length - count];
  const above: number[] = [];
  const equal: number[] = [];
  products.forEach((value, p) => {
    if (value > least) above.push(p);
    else if (value === least) equal.push(p);
  });
  return [...above, ...equal.slice(0, count - above.length)];
}
