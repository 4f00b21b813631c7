import { DTYPE_SUFFIXES, TokensphereError } from "../../models/index.ts";

const TEXT = { is: (value: unknown) => typeof value === "string", wanted: "a text" };
const FUNCTION = { is: (value: unknown) => typeof value === "function", wanted: "a function" };
const DTYPES = Object.keys(DTYPE_SUFFIXES);

/** Of options that nothing else checks: what they have to be. */
const KINDS: Readonly<Record<string, { readonly is: (value: unknown) => boolean; readonly wanted: string }>> = {
  dtype: { is: (value) => DTYPES.includes(value as string), wanted: `one of ${DTYPES.join(", ")}` },
  providers: { is: Array.isArray, wanted: "a list of names" },
  env: { is: isRecord, wanted: "an object of variables, such as process.env" },
  stream: TEXT,
  revision: TEXT,
  warn: FUNCTION,
  progress: FUNCTION,
  transfer: FUNCTION,
};

/**
 * Options of a model, as a caller without types may give them.
 *
 * @throws TokensphereError `usage` for what is no object, and for a value of another kind; says what was expected.
 */
export function checkOptions(options: unknown): void {
  if (!isRecord(options)) {
    throw new TokensphereError("usage", `options: ${kindOf(options)}. give an object of options`);
  }
  for (const [name, { is, wanted }] of Object.entries(KINDS)) {
    const value = options[name];
    if (value === undefined || is(value)) continue;
    const shown = typeof value === "string" ? value : kindOf(value);
    throw new TokensphereError("usage", `option ${name}: ${shown}. give ${wanted}`);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value;
}
