import { type FailureKind, TokensphereError } from "../errors.ts";

/** What messages say of something that a user defined: what kind of thing, its name, and the file it is from. */
export interface NamedDefinition {
  /** Such as `dynamics` or `measure`. */
  readonly kind: string;
  /** `null`: it has none that can be said. */
  readonly name: string | null;
  /** The plugin file. */
  readonly origin?: string | undefined;
  /** What it was at work on, such as `text 0, layer 3`: said first. */
  readonly where?: string | null | undefined;
}

/**
 * A mistake in something that a user defined, as one line that names it:
 * `dynamics my_krause (mine.mjs): field gave NaN at token 3. mend the field`.
 *
 * @param what - With the remedy: "what: value. remedy".
 */
export function definitionFault(
  failure: FailureKind,
  { kind, name, origin, where }: NamedDefinition,
  what: string,
  cause?: unknown,
): TokensphereError {
  const place = typeof where === "string" ? `${where}: ` : "";
  const label = name === null ? kind : `${kind} ${name}`;
  const file = origin === undefined ? "" : ` (${origin})`;
  return new TokensphereError(failure, oneLine(`${place}${label}${file}: ${what}`), { cause });
}

/** What was thrown, as one line with the kind of error. Anything can be thrown. */
export function thrownText(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return oneLine(String(thrown));
  const { name = "object" }: { readonly name?: unknown } = thrown;
  return oneLine(`${textOf(name)}: ${thrownMessage(thrown)}`);
}

/** The same without the kind of error. */
export function thrownMessage(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return oneLine(String(thrown));
  const { message = "no message" }: { readonly message?: unknown } = thrown;
  return oneLine(textOf(message));
}

/** What a value is that should have been another: "undefined", "a string", "an object". */
export function inWords(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  const kind = Array.isArray(value) ? "array" : typeof value;
  return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

/** An object need not have a text. */
function textOf(value: unknown): string {
  return typeof value === "object" && value !== null ? inWords(value) : String(value);
}

function oneLine(text: string): string {
  return text.split(/\r?\n/, 1)[0];
}
