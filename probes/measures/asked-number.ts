import { answerOf } from "../../models/foreign/answer-of.ts";
import {
  definitionFault,
  inWords,
  type NamedDefinition,
  thrownMessage,
} from "../../models/foreign/definition-fault.ts";

/**
 * What a function of a user's measure answers, whatever that is.
 *
 * @param what - The function's name.
 * @throws TokensphereError `input` in one line where it throws.
 */
export function askMeasure(measure: NamedDefinition, what: string, ask: () => unknown): unknown {
  return answerOf(measure, ask, (thrown) => `${what} threw: ${thrownMessage(thrown)}. mend it, or leave it out`);
}

/** A finite number, or `null` where there is none. Throws as `askMeasure`, and where it is anything else. */
export function askedNumber(measure: NamedDefinition, what: string, ask: () => unknown): number | null {
  const answer = askMeasure(measure, what, ask);
  if (isNumberOrNull(answer)) return answer;
  const remedy = "return a finite number, or null where there is none";
  throw definitionFault("input", measure, `${what} gave ${numberInWords(answer)}. ${remedy}`);
}

export function isNumberOrNull(value: unknown): value is number | null {
  return value === null || Number.isFinite(value);
}

/** What stands where a number should: "NaN", "a string". */
export function numberInWords(value: unknown): string {
  return typeof value === "number" ? String(value) : inWords(value);
}
