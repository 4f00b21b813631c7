/** Place of a pair i < j in the products. */
export interface PairPlace {
  readonly p: number;
  readonly i: number;
  readonly j: number;
}

/** The places of the largest values, largest first; of equal values those that come first. */
export function largestPlaces(values: Float64Array, count: number): number[] {
  if (count <= 0) return [];
  const best = (places: number[]) => places.sort((a, b) => values[b] - values[a] || a - b).slice(0, count);
  let found: number[] = [];
  let least = Number.NEGATIVE_INFINITY; // As many as are wanted are this large and come first.
  for (let p = 0; p < values.length; p++) {
    if (!(values[p] > least)) continue;
    found.push(p);
    if (found.length < 4 * count) continue; // Few sorts of few.
    found = best(found);
    least = values[found[count - 1]];
  }
  return best(found);
}

/** The tokens of pair p of n, in the order of `innerProducts`. */
export function pairPlace(p: number, n: number): PairPlace {
  let i = Math.floor(n - 0.5 - Math.sqrt((n - 0.5) ** 2 - 2 * p));
  while (start(i, n) > p) i--; // The root may be a rounding error off.
  while (start(i + 1, n) <= p) i++;
  return { p, i, j: p - start(i, n) + i + 1 };
}

function start(i: number, n: number): number {
  return (i * (2 * n - i - 1)) / 2;
}
