/**
 * What kind of failure the user met, and so the exit code of the command line:
 * `usage` 2 (the command line itself), `input` 3 (a text, file, model or states that cannot be used),
 * `environment` 4 (network, missing engine), `disk` 5.
 */
export type FailureKind = "usage" | "input" | "environment" | "disk";

/**
 * A failure that the user can mend. The message is one line, "what: value. remedy", lower case, without a final stack.
 * Anything else that is thrown is a fault of ours (exit code 1).
 */
export class TokensphereError extends Error {
  override readonly name = "TokensphereError";
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
