import { definitionFault, inWords, type NamedDefinition } from "../../models/foreign/definition-fault.ts";
import { type Method, methodOf } from "../../models/foreign/method-of.ts";

/** What every definition has, checked; its functions are asked for with `functionIn`. */
export interface DefinitionHead {
  readonly given: object;
  readonly named: NamedDefinition;
  readonly labels: { readonly name: string; readonly about?: string };
}

/** A name that needs no quotes in a CSV file. */
const legalName = /^[a-z][a-z0-9_.]*$/i;

export const nameRemedy = "use a letter and then letters, digits, _ and .";

export function isLegalName(name: unknown): name is string {
  return typeof name === "string" && legalName.test(name);
}

/**
 * Checks what somebody else's code gives as a definition.
 *
 * @param origin - The file it is from.
 * @throws TokensphereError `input` in one line, with its name where it has one.
 */
export function definitionHead(
  value: unknown,
  kind: "measure" | "pair measure",
  origin: string | undefined,
): DefinitionHead {
  const fault = (name: string | null, what: string) => definitionFault("input", { kind, name, origin }, what);
  if (typeof value !== "object" || value === null) throw fault(null, `${inWords(value)}. give { name, value }`);
  const { name, about }: { readonly name?: unknown; readonly about?: unknown } = value;
  if (typeof name !== "string") throw fault(null, `its name is ${inWords(name)}. give a string`);
  if (!isLegalName(name)) throw fault(JSON.stringify(name), `no name. ${nameRemedy}`);
  if (about === undefined) return { given: value, named: { kind, name, origin }, labels: { name } };
  if (typeof about !== "string") throw fault(name, `about is ${inWords(about)}. give a sentence`);
  return { given: value, named: { kind, name, origin }, labels: { name, about } };
}

/** @throws TokensphereError `input` where the member is no function. */
export function functionIn({ given, named }: DefinitionHead, key: string): Method {
  const method = methodOf(given, key);
  if (method) return method;
  throw definitionFault("input", named, `${key} is ${inWords(Reflect.get(given, key))}. give a function`);
}

/** The same of a member that may be missing. */
export function optionalFunctionIn(head: DefinitionHead, key: string): Method | undefined {
  return Reflect.get(head.given, key) === undefined ? undefined : functionIn(head, key);
}
