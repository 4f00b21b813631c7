/** Numbers in one n × n or n × d array of all lanes together: larger batches only fall out of the caches. */
const LANE_BUDGET = 2 ** 18;

/** Systems of n tokens of width d that are best computed side by side, at least one. */
export function laneCapacity(n: number, d: number): number {
  return Math.max(1, Math.floor(LANE_BUDGET / (n * Math.max(n, d))));
}
