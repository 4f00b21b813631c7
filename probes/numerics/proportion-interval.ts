/**
 * Wilson's interval of a probability that was seen `hits` times in `trials`: it holds at 0 and at all of them too.
 *
 * @param trials - ≥ 1.
 * @param z - Quantile of the normal law, 1.96 for 95 %.
 */
export function proportionInterval(hits: number, trials: number, z = 1.96): readonly [number, number] {
  const p = hits / trials;
  const square = (z * z) / trials;
  const middle = (p + square / 2) / (1 + square);
  const half = (z * Math.sqrt(p * (1 - p) + square / 4)) / Math.sqrt(trials) / (1 + square);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
