import { normaliseRows } from "../clouds/normalise-rows.ts";
import type { Float64Cloud } from "../clouds/uniform-cloud.ts";
import type { EventRule } from "./event.ts";
import { gaugeOf } from "./gauge.ts";

/** The rules that a start of two tokens or more meets already: they are events only when they happen again. */
export function metAtStart(rules: readonly EventRule[], start: Float64Cloud): readonly EventRule[] {
  const x = normaliseRows(start);
  return rules.filter(
    (rule) => gaugeOf(rule, start.n, start.d).side(x) === (rule.kind === "clusters" ? rule.count : 1),
  );
}
