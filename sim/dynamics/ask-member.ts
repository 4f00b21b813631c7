import { answerOf } from "../../models/foreign/answer-of.ts";
import { type NamedDefinition, thrownText } from "../../models/foreign/definition-fault.ts";

/**
 * What a function of a user's dynamics answers, whatever that is.
 *
 * @param what - The function's name.
 * @throws TokensphereError `input` in one line where it throws.
 */
export function askMember(dynamics: NamedDefinition, what: string, ask: () => unknown): unknown {
  return answerOf(dynamics, ask, (thrown) => `${what} threw ${thrownText(thrown)}. mend the ${what}`);
}
