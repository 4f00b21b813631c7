import { type RandomSource, shuffled } from "../../models/random.ts";
import { type Cloud, toCloud64 } from "../cloud.ts";
import { difference, dot, sum } from "../numerics/vectors.ts";
import { innerProducts, pairCount } from "../products/inner-products.ts";
import { rowProducts } from "../products/row-products.ts";
import { signedShare } from "./field-shares.ts";
import { logMap, oppositeToken } from "./log-map.ts";

/** Tokens after a layer and after the next: unit rows in one order. */
export interface Step {
  readonly x: Cloud;
  readonly y: Cloud;
}

/** The same tokens, with all others in their context and with a part of the others taken out. Either may start from one cloud. */
export interface TwoContexts {
  readonly full: Step;
  readonly part: Step;
}

/** A field's velocities of these tokens in either context, `[n, d]`. */
export interface FieldInContexts {
  readonly full: Float64Array;
  readonly part: Float64Array;
}

/** What the other context changes in the updates of some groups of tokens. */
export interface ContextChange {
  /**
   * Σ|u_part − u_full|² / Σ|u_full|², u the logarithm map from x to y: 0 for a map of one token at a time, whatever it is.
   * `null` where nothing moves, or a token turned by half a circle.
   */
  readonly share: number | null;
  /** Whether there is more of it than rounding leaves. */
  readonly isReal: boolean;
  readonly groups: readonly GroupChange[];
}

interface GroupChange {
  readonly contexts: TwoContexts;
  /** u_part − u_full, `[n, d]`. */
  readonly du: Float64Array;
  /** What is changed in the rise of inner products, pairs i < j; empty where nothing is. */
  readonly dg: Float64Array;
}

/** States are float32: a change below this share of the updates' squares is rounding. */
const ROUNDING = 1e-9;

/** What it changes that others are out of the context. Groups are added up: halves of a text of which each is the other's context. */
export function contextChange(groups: readonly TwoContexts[]): ContextChange {
  const steps = groups.flatMap(({ full, part }) => [full, part]);
  if (steps.some(({ x, y }) => oppositeToken(x, y) !== null)) return { share: null, isReal: false, groups: [] };
  const changes = groups.map((contexts) => {
    const u = logMap(contexts.full.x, contexts.full.y);
    return { contexts, u, du: difference(logMap(contexts.part.x, contexts.part.y), u) };
  });
  const moved = sum(changes.map(({ u }) => dot(u, u)));
  const changed = sum(changes.map(({ du }) => dot(du, du)));
  const share = moved > 0 ? changed / moved : null;
  const isReal = share !== null && share > ROUNDING;
  return {
    share,
    isReal,
    groups: changes.map(({ contexts, du }) => ({ contexts, du, dg: isReal ? gramChange(contexts) : NOTHING })),
  };
}

const NOTHING = new Float64Array(0);

/** How much of a change a field explains. */
export interface ExplainedChange {
  /**
   * sign · ⟨Δu, Δv⟩² / (|Δu|²|Δv|²) over all tokens: the share of Δu = u_part − u_full that the best multiple of
   * Δv = v_part − v_full removes; negative where that multiple is.
   */
  readonly update: number | null;
  /** The same of inner products within a group, i < j: of ΔG = ⟨y_i, y_j⟩ − ⟨x_i, x_j⟩ against ⟨v_i, x_j⟩ + ⟨x_i, v_j⟩. */
  readonly gram: number | null;
}

/** `null` where nothing changes, or nothing of the field. @param fields one a group. */
export function explainedChange(change: ContextChange, fields: readonly FieldInContexts[]): ExplainedChange {
  return { update: explainedUpdate(change, fields), gram: explainedGram(change, fields) };
}

/** Its `update` alone, where many fields are tried. */
export function explainedUpdate({ groups, isReal }: ContextChange, fields: readonly FieldInContexts[]): number | null {
  if (!isReal) return null;
  const dv = fields.map(({ full, part }) => difference(part, full));
  return shareOf(groups.map(({ du }, g) => products(du, dv[g])));
}

/**
 * The same with the field's tokens permuted within each group: what a field that knows nothing of which token is which explains.
 *
 * @param draws how many permutations.
 */
export function permutedUpdates(
  { groups, isReal }: ContextChange,
  fields: readonly FieldInContexts[],
  draws: number,
  random: RandomSource,
): readonly number[] {
  if (!isReal) return [];
  const dv = fields.map(({ full, part }) => difference(part, full));
  const lengths = groups.map(({ du }, g) => products(du, dv[g]));
  const dots = groups.map(({ du, contexts }, g) => permutedDots(du, dv[g], contexts.full.x, draws));
  return Array.from({ length: draws }, () => {
    const along = dots.map((permutedDot) => permutedDot(random));
    return shareOf(lengths.map((one, g) => ({ ...one, ab: along[g] }))) ?? 0;
  });
}

/** The kernel of `rowProducts` takes about this part of the time of loops. */
const KERNEL = 0.1;

/** Σ_i ⟨a_i, b_π(i)⟩ of one permutation after another; of few tokens all products are made first, once for all of them. */
function permutedDots(
  a: Float64Array,
  b: Float64Array,
  { n, d }: Cloud,
  draws: number,
): (random: RandomSource) => number {
  const all = KERNEL * n < draws ? rowProducts(a, b, n, n, d) : null;
  const product = all
    ? (i: number, j: number) => all[i * n + j]
    : (i: number, j: number) => dot(a.subarray(i * d, (i + 1) * d), b.subarray(j * d, (j + 1) * d));
  return (random) => sum(shuffled([...Array(n).keys()], random).map((j, i) => product(i, j)));
}

function explainedGram({ groups, isReal }: ContextChange, fields: readonly FieldInContexts[]): number | null {
  if (!isReal) return null;
  return shareOf(groups.map(({ contexts, dg }, g) => products(dg, gramOfField(contexts, fields[g]))));
}

interface Products {
  readonly ab: number;
  readonly aa: number;
  readonly bb: number;
}

/** ΔG of the one context less that of the other, for pairs i < j. */
function gramChange({ full, part }: TwoContexts): Float64Array {
  const rise = difference(innerProducts(part.y, false), innerProducts(full.y, false));
  if (part.x === full.x) return rise;
  return difference(rise, difference(innerProducts(part.x, false), innerProducts(full.x, false)));
}

/** What a field says of it. */
function gramOfField({ full, part }: TwoContexts, field: FieldInContexts): Float64Array {
  if (part.x === full.x) return pairRates(full.x, difference(field.part, field.full));
  return difference(pairRates(part.x, field.part), pairRates(full.x, field.full));
}

/** ⟨v_i, x_j⟩ + ⟨x_i, v_j⟩ for pairs i < j. */
function pairRates(cloud: Cloud, v: Float64Array): Float64Array {
  const { n, d, x } = toCloud64(cloud);
  const all = rowProducts(v, x, n, n, d);
  const out = new Float64Array(pairCount(n));
  let pair = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) out[pair++] = all[i * n + j] + all[j * n + i];
  }
  return out;
}

function shareOf(groups: readonly Products[]): number | null {
  const [ab, aa, bb] = (["ab", "aa", "bb"] as const).map((key) => sum(groups.map((group) => group[key])));
  return aa > 0 && bb > 0 ? signedShare(ab, aa, bb) : null;
}

function products(a: Float64Array, b: Float64Array): Products {
  return { ab: dot(a, b), aa: dot(a, a), bb: dot(b, b) };
}
