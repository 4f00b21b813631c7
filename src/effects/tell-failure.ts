import { oneStop, TokensphereError } from "../../models/errors.ts";
import { EXIT_CODES, INTERNAL_ERROR } from "./exit-codes.ts";
import { flagsInMessage } from "./flags-in-messages.ts";

/** Where a failure is told, and how much of it. */
interface Teller {
  readonly fail: (line: string) => void;
  /** The stack too. */
  readonly debug: boolean;
}

/** Tells a failure in one line, the user's or a fault of ours; returns the exit code. */
export function tellFailure(error: unknown, { fail, debug }: Teller): number {
  const users = error instanceof TokensphereError;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (users) fail(`error: ${flagsInMessage(oneLine(message))}`);
  else fail(oneStop(`internal error: ${oneLine(message)}. this is a fault of tokensphere; --debug shows where`));
  if (debug) fail(String(stack));
  return users ? EXIT_CODES[error.kind] : INTERNAL_ERROR;
}

export function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").trim();
}
