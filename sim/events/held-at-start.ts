import type { EventRule } from "./event.ts";
import { gaugeOf } from "./gauge.ts";

/**
 * The rules whose level a cloud has reached before anything moved: what holds at the start is no event, so that it comes to pass only
 * where it ends and begins again. Of `clusters` those with a count.
 *
 * @param x - Unit rows `[n, d]`, n ≥ 2.
 */
export function heldAtStart(rules: readonly EventRule[], x: Float64Array, n: number, d: number): EventRule[] {
  return rules.filter((rule) => {
    const side = gaugeOf(rule, n, d).side(x);
    return rule.kind === "clusters" ? side === rule.count : side === 1;
  });
}
