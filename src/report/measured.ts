/** Names of texts that a header has room for. */
const MOST_NAMES = 3;

/** The texts of a manifest by their names, as one phrase: "a.txt, b.txt, c.txt and 4 more"; none where it names none. */
export function textNames(texts: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(texts) ? texts : [];
  const names = list.map((text) => (text as { readonly name?: unknown } | null)?.name);
  const known = [...new Set(names.filter((name) => typeof name === "string").map(shortName))];
  if (known.length === 0) return [];
  const more = known.length > MOST_NAMES ? ` and ${known.length - MOST_NAMES} more` : "";
  return [known.slice(0, MOST_NAMES).join(", ") + more];
}

const OVERRIDES: Readonly<Record<string, string>> = {
  depth: "depth",
  heads: "heads",
  randomInit: "random weights seed",
  shuffleTokens: "shuffled tokens seed",
};

/** What was asked of the model against its files, of a manifest's `model`: "depth 48", "random weights seed 3". */
export function overridesInWords(model: unknown): readonly string[] {
  const { overrides } = (model ?? {}) as { readonly overrides?: unknown };
  const entries = Object.entries((overrides ?? {}) as object);
  return entries.flatMap(([key, value]) => (Object.hasOwn(OVERRIDES, key) ? [`${OVERRIDES[key]} ${value}`] : []));
}

/** How many heads a manifest's `model` has, or had where another number was asked for; `null` where that is not known. */
export function headsOf(model: unknown): number | null {
  const { heads, overrides } = (model ?? {}) as { readonly heads?: unknown; readonly overrides?: unknown };
  const asked = (overrides as { readonly heads?: unknown } | null | undefined)?.heads;
  return [asked, heads].find((one) => typeof one === "number") ?? null;
}

/** How many heads a manifest's `model` has: "12 heads"; none where that is not known, or was asked for and is told so. */
export function headsInWords(model: unknown): readonly string[] {
  const heads = headsOf(model);
  const asked = overridesInWords(model).some((words) => words.startsWith(OVERRIDES.heads!));
  return heads === null || asked ? [] : [`${heads} head${heads === 1 ? "" : "s"}`];
}

/** The last part of a path; names that are no path, as that of a model on a hub, stay whole. */
export function shortName(name: string): string {
  const isPath = /^([./\\~]|[A-Za-z]:)/.test(name);
  return isPath ? (name.split(/[/\\]/).filter(Boolean).at(-1) ?? name) : name;
}

/** The manifest holds the model's name, or what is known of the model with its name among it. */
export function modelName(model: unknown): readonly string[] {
  if (typeof model === "string") return [shortName(model)];
  const { model: own, name, id } = (model ?? {}) as Readonly<Record<string, unknown>>;
  return [own ?? name ?? id].filter((one) => typeof one === "string").map(shortName);
}
