import { TokensphereError } from "../../models/errors.ts";
import { inWords } from "../../models/foreign/definition-fault.ts";

/** What a value may be, by the word for it. */
const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  number: (value) => typeof value === "number",
  text: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  bigint: (value) => typeof value === "bigint",
  null: (value) => value === null,
  function: (value) => typeof value === "function",
  list: (value) => Array.isArray(value) || ArrayBuffer.isView(value),
  iterable: (value) => isObject(value) && (Symbol.iterator in value || Symbol.asyncIterator in value),
  object: (value) => isObject(value) && !Array.isArray(value),
  any: () => true,
};

/** A parameter or a field of one: its name, the kinds of value that it takes, and of an object what its fields take. */
interface Wanted {
  readonly name: string;
  readonly optional: boolean;
  readonly kinds: readonly string[];
  readonly fields: readonly Wanted[];
}

/** What is wrong with an argument, and what was expected. */
interface Fault {
  readonly what: string;
  readonly wanted: string;
}

/** Fields that a message names. */
const MOST_TOLD = 8;

/**
 * A function of the library as callers without types meet it: an argument of another kind is refused before the function is called.
 *
 * @param parameters "cloud: { x: list, n: number }", "seed?: number", "options?: { beta?: number | list }", in their order.
 * @throws TokensphereError `usage`, from the function that it gives, or as the failure of its promise: says what was expected.
 */
export function door<F extends (...args: never[]) => unknown>(f: F, ...parameters: readonly string[]): F {
  let wanted: readonly Wanted[] | null = null;
  const guarded = (...args: never[]): unknown => {
    wanted ??= parameters.map(parse);
    const fault = firstFault(f.name, wanted, args);
    if (fault === null) return f(...args);
    if (f.constructor.name === "AsyncFunction") return Promise.reject(fault);
    throw fault;
  };
  return Object.defineProperty(guarded, "name", { value: f.name }) as F;
}

function parse(text: string): Wanted {
  const [, name, mark, rest] = /^(\w+)(\??): (.*)$/.exec(text) as RegExpExecArray;
  const [braces, inside] = /\{ (.*) \}/.exec(rest) ?? [];
  const kinds = (braces === undefined ? rest : rest.replace(braces, "object")).split(" | ");
  return { name, optional: mark === "?", kinds, fields: inside?.split(", ").map(parse) ?? [] };
}

function firstFault(name: string, wanted: readonly Wanted[], args: readonly unknown[]): TokensphereError | null {
  for (const [i, one] of wanted.entries()) {
    const fault = faultOf(one, args[i]);
    if (fault) return new TokensphereError("usage", `${name}: ${fault.what}. give ${fault.wanted}`);
  }
  return null;
}

function faultOf({ name, optional, kinds, fields }: Wanted, value: unknown): Fault | null {
  if (value === undefined && optional) return null;
  if (!isOf(kinds, value)) {
    const needed = fields.filter((field) => !field.optional).map((field) => field.name);
    return { what: `${name} is ${inWords(value)}`, wanted: inText(kinds, needed) };
  }
  if (!KINDS.object(value)) return null;
  const faults = fields.map((field) =>
    faultOf({ ...field, name: `${name}.${field.name}` }, Reflect.get(value as object, field.name)),
  );
  return faults.find((fault) => fault !== null) ?? null;
}

/** "a number or a list", "an object with x, n, d". */
function inText(kinds: readonly string[], fields: readonly string[]): string {
  const told = fields.length > MOST_TOLD ? [...fields.slice(0, MOST_TOLD), "…"] : fields;
  const one = (kind: string): string => {
    if (kind === "null") return kind;
    const named = kind === "object" && told.length > 0 ? `object with ${told.join(", ")}` : kind;
    return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${named}`;
  };
  return kinds.map(one).join(" or ");
}

function isOf(kinds: readonly string[], value: unknown): boolean {
  return kinds.some((kind) => KINDS[kind](value));
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
