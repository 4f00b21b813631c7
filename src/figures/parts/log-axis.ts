import { roundTicks } from "./round-ticks.ts";

/** A logarithmic scale over the domain, 0 < lo < hi, and an axis with round ticks at least `gap` of its length apart. */
export function logAxis([lo, hi]: readonly [number, number], gap: number) {
  const place = (value: number) => Math.log(value / lo) / Math.log(hi / lo);
  const values = roundTicks([lo, hi], place, gap);
  return { scale: { type: "log" as const, nice: false, domain: [lo, hi] }, axis: { values, format: "~g" } };
}
