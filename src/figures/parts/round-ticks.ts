/**
 * Round numbers (1, 2, 5 times a power of ten) within the range that lie at least `gap` of the
 * axis apart on a scale of any kind.
 *
 * @param place position of a value along the axis, 0 … 1, increasing
 * @param kept values that have a tick in any case
 */
export function roundTicks(
  range: readonly [number, number],
  place: (value: number) => number,
  gap: number,
  kept: readonly number[] = [],
) {
  const [lo, hi] = range;
  const ticks = [...kept];
  for (const value of roundNumbers().filter((one) => one >= lo && one <= hi)) {
    if (ticks.every((tick) => Math.abs(place(tick) - place(value)) >= gap)) ticks.push(value);
  }
  return ticks.sort((a, b) => a - b);
}

/** Powers of ten first, then twos and fives: where not all have room, the rounder stays. Decreasing within each kind. */
function roundNumbers(): readonly number[] {
  const powers = Array.from({ length: 13 }, (_, k) => 6 - k);
  return [1, 2, 5].flatMap((digit) => powers.map((power) => Number(`${digit}e${power}`)));
}
