import { escapeHtml, table } from "./html.ts";

/** Longer than this a value is folded away. */
const SHORT = 160;

/** A record of more scalars than this is folded away; one with parts of its own folds those. */
const MANY = 10;

/** Names that say more than their key. */
const NAMES: Readonly<Record<string, string>> = { stream: "residual stream: layer → tensor", sha256: "sha256" };

/** Any plain data as HTML: scalars as text, records as definition lists, lists of records as tables, long ones folded. */
export function describe(value: unknown, name: string): string {
  if (isScalar(value)) return scalar(value);
  if (Array.isArray(value))
    return value.every(isScalar) ? list(value, name) : folded(name, value.length, records(value, name));
  const entries = Object.entries(value as object);
  const long = entries.length > MANY && entries.every(([, inner]) => isScalar(inner));
  return folded(name, entries.length, definitions(entries), long);
}

/** Named values as a definition list. */
export function definitions(entries: readonly (readonly [string, unknown])[]): string {
  const items = entries.filter(([, value]) => value !== undefined);
  return `<dl>${items.map(([key, value]) => `<dt>${escapeHtml(keyInWords(key))}</dt><dd>${describe(value, key)}</dd>`).join("\n")}</dl>`;
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== "object";
}

function scalar(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  const text = escapeHtml(value);
  return /^[0-9a-f]{32,}$/.test(text) ? `<code>${text}</code>` : text;
}

function list(values: readonly unknown[], name: string): string {
  const text = values.map(scalar).join(", ") || "–";
  return folded(name, values.length, text, text.length > SHORT);
}

function folded(name: string, count: number, body: string, fold = true): string {
  return fold ? `<details><summary>${escapeHtml(keyInWords(name))} (${count})</summary>${body}</details>` : body;
}

/** A list of flat records is a table; anything deeper is shown as JSON. */
function records(values: readonly unknown[], name: string): string {
  const flat = values.every(
    (value) => !isScalar(value) && !Array.isArray(value) && Object.values(value as object).every(isScalar),
  );
  if (!flat) return `<pre>${escapeHtml(JSON.stringify(values, null, 1))}</pre>`;
  const heads = [...new Set(values.flatMap((value) => Object.keys(value as object)))];
  const rows = values.map((value) => heads.map((head) => scalar((value as Record<string, unknown>)[head])));
  return table(keyInWords(name), heads.map(keyInWords), rows);
}

/** A key of a record as words: "beta range" of `betaRange`. */
export function keyInWords(key: string): string {
  return NAMES[key] ?? key.replace(/_/g, " ").replace(/[a-z][A-Z]/g, ([a, b]) => `${a} ${b!.toLowerCase()}`);
}
