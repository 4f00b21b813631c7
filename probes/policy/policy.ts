import { TokensphereError } from "../../models/errors.ts";

/** Which positions count: `special` are those that the tokenizer's template added. */
export type SpecialTokens = "drop" | "keep" | "only";
/** `l2`: unit vectors. `layernorm`: mean 0 and variance 1 over the coordinates, without affine part. */
export type Normalization = "l2" | "none" | "layernorm";
/** `abtt:k` (all but the top k): the mean and the k principal directions are removed. */
export type Centering = "none" | "mean" | `abtt:${number}`;
/** `include`: the whole Gram matrix is flattened, each pair twice and each token with itself. */
export type Diagonal = "exclude" | "include";
/** `within` one text, or `across`: a token of one text with a token of another. */
export type PairScope = "within" | "across";

/** What a histogram of inner products means. Plain data, recorded with every result. */
export interface Policy {
  readonly specialTokens: SpecialTokens;
  readonly normalize: Normalization;
  readonly center: Centering;
  readonly diagonal: Diagonal;
  readonly pairs: PairScope;
}

/** The same with any part left to its default; an explicit `undefined` counts as left out. */
export type PartialPolicy = { readonly [K in keyof Policy]?: Policy[K] | undefined };

export const defaultPolicy: Policy = {
  specialTokens: "drop",
  normalize: "l2",
  center: "none",
  diagonal: "exclude",
  pairs: "within",
};

interface Part {
  readonly flag: string;
  readonly legal: string;
  readonly pattern: RegExp;
}

const parts: { readonly [K in keyof Policy]: Part } = {
  specialTokens: { flag: "--special-tokens", legal: "drop, keep or only", pattern: /^(drop|keep|only)$/ },
  normalize: { flag: "--normalize", legal: "l2, none or layernorm", pattern: /^(l2|none|layernorm)$/ },
  center: {
    flag: "--center",
    legal: "none, mean or abtt:k with k = 1, 2, …",
    pattern: /^(none|mean|abtt:[1-9]\d{0,5})$/,
  },
  diagonal: { flag: "--diagonal", legal: "exclude or include", pattern: /^(exclude|include)$/ },
  pairs: { flag: "--pairs", legal: "within or across", pattern: /^(within|across)$/ },
};

/**
 * The policy with its defaults filled in.
 * Throws `usage` where a value is not legal, or where the diagonal is asked of pairs across texts, which have none.
 */
export function resolvePolicy(partial: PartialPolicy = {}): Policy {
  const given = Object.entries(partial).filter(([, value]) => value !== undefined);
  for (const [key, value] of given) checkPart(key, value);
  const policy: Policy = { ...defaultPolicy, ...Object.fromEntries(given) };
  if (policy.pairs === "across" && policy.diagonal === "include") {
    throw new TokensphereError("usage", "--diagonal include: pairs across texts have no diagonal. use --pairs within");
  }
  return policy;
}

function checkPart(key: string, value: unknown): void {
  const part = Object.hasOwn(parts, key) ? parts[key as keyof Policy] : undefined;
  if (part === undefined) {
    throw new TokensphereError("usage", `unknown policy: ${key}. legal are ${Object.keys(parts).join(", ")}`);
  }
  if (!part.pattern.test(String(value))) {
    throw new TokensphereError("usage", `${part.flag}: ${String(value)}. use ${part.legal}`);
  }
}

/** k of `abtt:k`; 0 for the other centrings. */
export function removedDirections(center: Centering): number {
  return center.startsWith("abtt:") ? Number(center.slice("abtt:".length)) : 0;
}
