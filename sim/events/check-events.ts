import { TokensphereError } from "../../models/errors.ts";
import { checkWhole } from "../clouds/check-number.ts";
import { EVENT_KINDS, type EventRule } from "./event.ts";

/** @throws TokensphereError `usage` for an unknown kind, a level outside (−1, 1), a count below 1, or fewer than two tokens. */
export function checkEvents(rules: readonly EventRule[], n: number): void {
  if (rules.length > 0 && n < 2) throw new TokensphereError("usage", `n: ${n}. events need two tokens or more`);
  for (const { kind, level, count } of rules) {
    if (!EVENT_KINDS.includes(kind))
      throw new TokensphereError("usage", `event: ${kind}. use ${EVENT_KINDS.join(", ")}`);
    if (!(level > -1 && level < 1))
      throw new TokensphereError("usage", `${kind}: ${level}. use a level above -1 and below 1`);
    if (count === undefined) continue;
    if (kind !== "clusters") throw new TokensphereError("usage", `count: ${count}. only clusters are counted`);
    checkWhole("count", count, 1);
  }
}
