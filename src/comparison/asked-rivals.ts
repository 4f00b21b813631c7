import type { Family } from "../laws/families.ts";
import type { Rival } from "../rivals/rival.ts";
import { RIVALS } from "../rivals/rivals.ts";

/** The rivals that take part where they are asked for, by name; whatever else is asked for by name is a law. */
export const RIVALS_TO_ASK: readonly Rival[] = RIVALS.filter(({ onlyAsked }) => onlyAsked);

/** What is asked for: predictions of their own, and laws to be fitted. */
export function askedRivals(asked: readonly (string | Family | Rival)[]): {
  readonly rivals: readonly Rival[];
  readonly laws: readonly (string | Family)[];
} {
  const known = asked.map((one) => RIVALS_TO_ASK.find(({ name }) => name === one) ?? one);
  const isRival = (one: (typeof known)[number]): one is Rival => typeof one !== "string" && "predict" in one;
  return { rivals: known.filter(isRival), laws: known.filter((one) => !isRival(one)) as (string | Family)[] };
}
