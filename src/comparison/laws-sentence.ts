import { familyLabel } from "../laws/families.ts";
import { digits, percent } from "../words/format-number.ts";
import type { LevelledFamily, RivalFit } from "./comparison.ts";
import { CLEAR } from "./conclude.ts";

/** How near laws come that families are held against, beside the nearest family; empty where there are none. */
export function lawsSentence(rivals: readonly RivalFit[], nearest: LevelledFamily): string {
  const label = familyLabel(nearest);
  const told = rivals.flatMap((one) => {
    const { law, pair_skill, pair_z } = one;
    if (law === undefined || pair_skill === null) return [];
    const numbers = { ...(law.beta === null ? {} : { β: law.beta }), ...law.parameters };
    const fitted = Object.entries(numbers).map(([name, value]) => `${name} = ${digits(value, 3)}`);
    const how =
      pair_z === null || Math.abs(pair_z) < CLEAR
        ? `as near as ${label}`
        : pair_z > 0
          ? `less near than ${label}`
          : `nearer than ${label}`;
    return [`${one.label}${fitted.length > 0 ? ` (${fitted.join(", ")})` : ""} ${percent(pair_skill)}, ${how}`];
  });
  return told.length === 0 ? "" : `Other laws, pair by pair: ${told.join("; ")}.`;
}
