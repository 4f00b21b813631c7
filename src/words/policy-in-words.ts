type Words = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Each part of a policy in words, in the order of reading. Names may be camelCase (in memory) or snake_case (in files). */
const WORDS: Words = {
  diagonal: { exclude: "pairs i < j", include: "the whole Gram matrix, diagonal included" },
  pairs: { within: "within a text", across: "across texts" },
  specialTokens: { drop: "special tokens dropped", keep: "special tokens kept", only: "special tokens only" },
  normalize: {
    l2: "tokens scaled to length 1",
    none: "tokens not scaled",
    layernorm: "tokens layer-normalized",
    standardize: "each coordinate brought to mean 0 and variance 1 over the tokens, tokens scaled to length 1",
  },
  center: { none: "not centred", mean: "mean removed" },
};

/** What was counted, as one phrase: "pairs i < j, within a text, special tokens dropped, …". Empty when nothing is known. */
export function policyInWords(policy: Readonly<Record<string, unknown>>): string {
  const parts = Object.keys(WORDS).map((name) => partInWords(name, policy[name] ?? policy[snakeCase(name)], policy));
  return parts.filter((part) => part !== "").join(", ");
}

function partInWords(name: string, value: unknown, policy: Readonly<Record<string, unknown>>): string {
  const known = policy.specialKnown ?? policy.special_known;
  if (name === "specialTokens" && known === false) return "all tokens kept (nothing says which are special)";
  if (typeof value !== "string") return "";
  const removed = /^abtt:(\d+)$/.exec(value)?.[1];
  if (removed !== undefined) return `mean and top ${removed} directions removed`;
  return WORDS[name]?.[value] ?? `${snakeCase(name).replaceAll("_", " ")} ${value}`;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
