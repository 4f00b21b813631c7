import { type FailureKind, TokensphereError } from "../../models/errors.ts";

/** A failure as another process is told of it; `kind` is `null` of a defect of ours. */
export interface ToldFailure {
  readonly kind: FailureKind | null;
  readonly message: string;
  readonly stack: string;
}

export function toldFailure(error: unknown): ToldFailure {
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  return { kind: error instanceof TokensphereError ? error.kind : null, message, stack };
}

/** What it was before it was told. */
export function failureOf({ kind, message, stack }: ToldFailure): Error {
  const error = kind === null ? new Error(message) : new TokensphereError(kind, message);
  error.stack = stack;
  return error;
}
