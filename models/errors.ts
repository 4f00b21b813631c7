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
    super(oneStop(message), options);
    this.kind = kind;
  }
}

/**
 * A message whose sentences end once: a value that brings a full stop, a question mark or dots of its own is followed by none
 * ("no such file: Call me Ishmael. check the path"). Folders that are `.` and `..` keep their name.
 */
export function oneStop(message: string): string {
  return message.replace(/(?<=[^\s./\\][.!?…]+|: \.{1,2})\.(?=\s|$)/g, "");
}

/** Options that messages name, as the library calls them. */
export const OPTION_NAMES = [
  "attentions",
  "center",
  "chunk",
  "diagonal",
  "dtype",
  "engine",
  "image",
  "inputs",
  "lines",
  "localFilesOnly",
  "maxSteps",
  "normalize",
  "pairs",
  "residMid",
  "specialTokens",
  "stream",
  "text",
  "truncate",
] as const;

/**
 * An option within a message, `name` or `name: value` between backticks: what mends a failure is said in the words of the library, and
 * `spellOptions` puts others in their place.
 */
export function option(name: (typeof OPTION_NAMES)[number], value?: string): string {
  return value === undefined ? `\`${name}\`` : `\`${name}: ${value}\``;
}

/** A message whose options are spelled in another way, as the flags of the command line. */
export function spellOptions(message: string, spell: (name: string, value?: string) => string): string {
  return message.replace(/`(\w+)(?:: ([^`]+))?`/g, (whole, name: string, value?: string) =>
    OPTION_NAMES.some((known) => known === name) ? spell(name, value) : whole,
  );
}
