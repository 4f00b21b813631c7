import { option, TokensphereError } from "../../models/errors.ts";

/** What each part of a policy may be; a centring may be `abtt:k` besides. */
export const POLICY_NAMES = {
  specialTokens: ["drop", "keep", "only"],
  normalize: ["l2", "none", "layernorm", "standardize"],
  center: ["none", "mean"],
  diagonal: ["exclude", "include"],
  pairs: ["within", "across"],
} as const;

/** Which positions count: `special` are those that the tokenizer's template added. */
export type SpecialTokens = (typeof POLICY_NAMES.specialTokens)[number];
/**
 * `l2`: unit vectors. `layernorm`: mean 0 and variance 1 over the coordinates, without affine part. `standardize`: every coordinate
 * brought to mean 0 and variance 1 over the tokens of the cloud, then unit vectors (Timkey and van Schijndel 2021,
 * arXiv:2109.04404): no coordinate carries more than another.
 */
export type Normalization = (typeof POLICY_NAMES.normalize)[number];
/** `abtt:k` (all but the top k): the mean and the k principal directions are removed. */
export type Centering = (typeof POLICY_NAMES.center)[number] | `abtt:${number}`;
/** `include`: the whole Gram matrix is flattened, each pair twice and each token with itself. */
export type Diagonal = (typeof POLICY_NAMES.diagonal)[number];
/** `within` one text, or `across`: a token of one text with a token of another. */
export type PairScope = (typeof POLICY_NAMES.pairs)[number];

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

/**
 * The policy with its defaults filled in.
 * Throws `usage` where a value is not legal, or where the diagonal is asked of pairs across texts, which have none.
 */
export function resolvePolicy(partial: PartialPolicy = {}): Policy {
  const given = Object.entries(partial).filter(([, value]) => value !== undefined);
  for (const [key, value] of given) checkPart(key, value);
  const policy: Policy = { ...defaultPolicy, ...Object.fromEntries(given) };
  if (policy.pairs === "across" && policy.diagonal === "include") {
    throw new TokensphereError(
      "usage",
      `${option("diagonal", "include")}: pairs across texts have no diagonal. use ${option("pairs", "within")}`,
    );
  }
  return policy;
}

function checkPart(key: string, value: unknown): void {
  const part = Object.hasOwn(POLICY_NAMES, key) ? (key as keyof Policy) : undefined;
  if (part === undefined) {
    throw new TokensphereError("usage", `unknown policy: ${key}. legal are ${Object.keys(POLICY_NAMES).join(", ")}`);
  }
  const text = String(value);
  if (POLICY_NAMES[part].some((name) => name === text) || (part === "center" && /^abtt:[1-9]\d{0,5}$/.test(text)))
    return;
  throw new TokensphereError("usage", `${option(part)}: ${text}. use ${legal(part)}`);
}

function legal(part: keyof Policy): string {
  const names: string[] = [...POLICY_NAMES[part], ...(part === "center" ? ["abtt:k with k = 1, 2, …"] : [])];
  return `${names.slice(0, -1).join(", ")} or ${names[names.length - 1]}`;
}

/** k of `abtt:k`; 0 for the other centrings. */
export function removedDirections(center: Centering): number {
  return center.startsWith("abtt:") ? Number(center.slice("abtt:".length)) : 0;
}

/** Whether tokens are of length 1 under it. */
export function isUnit(normalize: Normalization): boolean {
  return normalize === "l2" || normalize === "standardize";
}

/** The policy with tokens on the unit sphere: as it is where they lie there already, else under `l2`. */
export function onSphere(policy: Policy): Policy {
  return isUnit(policy.normalize) ? policy : { ...policy, normalize: "l2" };
}
