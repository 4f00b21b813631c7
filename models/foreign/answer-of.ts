import { TokensphereError } from "../errors.ts";
import { definitionFault, type NamedDefinition } from "./definition-fault.ts";

/**
 * What a user's function answers. A promise is an answer that nobody waits for: whoever asked refuses it, and how it ends is not
 * heard of.
 *
 * @param told - What is said where the function throws, with the remedy. A failure of ours that comes through it has its own words.
 * @throws TokensphereError `input`, in one line with the name.
 */
export function answerOf(named: NamedDefinition, ask: () => unknown, told: (thrown: unknown) => string): unknown {
  try {
    const answer = ask();
    if (typeof answer === "object" && answer !== null && "then" in answer) Promise.resolve(answer).catch(() => {});
    return answer;
  } catch (thrown) {
    const what = thrown instanceof TokensphereError ? thrown.message : told(thrown);
    throw definitionFault("input", named, what, thrown);
  }
}
