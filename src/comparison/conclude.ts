import { type Contestant, type Level, skillsOf, zBetween } from "../levels/contestant.ts";
import { NO_CONTEXT } from "./context.ts";

/** What of the layers is evidence of what. */
export type Conclusion = "attention" | "averaging" | "common_motion" | "none" | "undecided";

/** Everything that was held against the layers. */
export interface Contest {
  /** Families that move, in the order asked for. */
  readonly families: readonly FamilyContestant[];
  readonly frozen: Contestant;
  readonly averaging: Contestant;
  /** Rivals that no family has to be worse than, by name: common_motion, linear_map, reshape. */
  readonly rivals: readonly Contestant[];
  /** False where layers share no basis, so that places of tokens mean nothing. */
  readonly sharedBasis: boolean;
  /** Share of the updates that depends on the other tokens, from a model that was asked; `null` where none was. */
  readonly context: number | null;
}

export interface FamilyContestant extends Contestant {
  /** Mean over texts. */
  readonly displacement_cosine: number | null;
  /** Where layers share no basis: whether in its updates selection among tokens adds more than its null and a linear map do. */
  readonly adds: boolean | null;
  /** Whether it does better with the layers in their order than chance does with others, where that can be told. */
  readonly ordered: boolean;
}

/** What a contest comes to, and why. */
export interface Concluded {
  readonly conclusion: Conclusion;
  /** The family that is nearest pair by pair, or frozen where none is nearer than it. */
  readonly best: string;
  /** Families that cannot be told from the best, it among them; empty where it stands alone. */
  readonly tie: readonly string[];
  /** Names of the rivals that the best family does not beat, by level. */
  readonly unbeaten: Readonly<Record<Level, readonly string[]>>;
}

/** Standard errors from which a difference counts. */
export const CLEAR = 2;
/** Real and predicted displacement point the same way above this. */
export const SAME_WAY = 0.5;
/** A simple explanation gives way to a richer one only where that gives this much more of the change. */
export const MUCH = 0.05;

/** Weighs families and rivals against each other; see docs/fit.md for what each rule separates. */
export function conclude(contest: Contest): Concluded {
  const ranked = contest.families.filter(saysPairs).sort((a, b) => pairError(a) - pairError(b));
  const [nearest] = ranked;
  // Tokens that are none of the network's can be evidence of a distribution, and of no more.
  if (!nearest)
    return { conclusion: "undecided", best: contest.frozen.name, tie: [], unbeaten: { pairs: [], tokens: [] } };
  const tied = ranked.filter((one) => one === nearest || !beats(nearest, one, "pairs"));
  const tie = tied.length > 1 ? tied.map(({ name }) => name) : [];
  const moves = nearest.ordered && beats(nearest, contest.frozen, "pairs");
  const unbeaten = {
    pairs: unbeatenBy(nearest, contest, "pairs"),
    tokens: contest.sharedBasis ? unbeatenBy(nearest, contest, "tokens") : [],
  };
  const best = moves ? nearest.name : contest.frozen.name;
  const conclusion = tied.some((one) => isAttention(one, contest)) ? "attention" : without(nearest, contest);
  return { conclusion, best, tie: moves ? tie : [], unbeaten };
}

/** Whether a family beats everything that has no attention, at pairs and, where layers share a basis, at tokens. */
function isAttention(family: FamilyContestant, contest: Contest): boolean {
  // A pull of each token to fixed centres looks like attention in any trajectory; without the others it goes on all the same.
  if (contest.context !== null && contest.context < NO_CONTEXT) return false;
  if (!family.ordered || unbeatenBy(family, contest, "pairs").length > 0) return false;
  if (!contest.sharedBasis) return family.adds === true;
  return unbeatenBy(family, contest, "tokens").length === 0 && (family.displacement_cosine ?? 0) > SAME_WAY;
}

/** No attention: which of the other explanations holds. */
function without(nearest: FamilyContestant, contest: Contest): Conclusion {
  const { frozen, averaging, rivals } = contest;
  const simple = [averaging, ...rivals.filter(({ name }) => name === "common_motion")];
  if (![nearest, ...simple].some((one) => beats(one, frozen, "pairs"))) return "none";
  const [first] = simple.filter((one) => holds(one, nearest, contest)).sort((a, b) => pairError(a) - pairError(b));
  if (first === averaging) return "averaging";
  return first ? "common_motion" : "undecided";
}

/**
 * Whether a simple explanation is nearer than nothing moving and nothing else is clearly and by much nearer than it, pair by pair and,
 * where layers share a basis, token by token. By much: a richer map that holds the simple one in it is always a little nearer.
 */
function holds(one: Contestant, nearest: Contestant, { frozen, averaging, rivals, sharedBasis }: Contest): boolean {
  const levels: readonly Level[] = sharedBasis ? ["pairs", "tokens"] : ["pairs"];
  const all = [nearest, averaging, ...rivals].filter((other) => other !== one);
  return levels.every(
    (level) =>
      beats(one, frozen, level) &&
      !all.some(
        (other) => beats(other, one, level) && skillAt(other, frozen, level) - skillAt(one, frozen, level) >= MUCH,
      ),
  );
}

function skillAt(one: Contestant, frozen: Contestant, level: Level): number {
  const { pair_skill, token_skill } = skillsOf(one, frozen);
  return (level === "pairs" ? pair_skill : token_skill) ?? Number.NEGATIVE_INFINITY;
}

/** Rivals that a family does not beat where they say something at this level. */
function unbeatenBy(family: Contestant, { frozen, averaging, rivals }: Contest, level: Level): readonly string[] {
  const able = [frozen, averaging, ...rivals].filter((one) => one.texts.every((text) => text[level] !== null));
  return able.filter((one) => !beats(family, one, level)).map(({ name }) => name);
}

/** Whether one is clearly nearer than another. */
function beats(a: Contestant, b: Contestant, level: Level): boolean {
  return (zBetween(a, b, level) ?? 0) >= CLEAR;
}

function saysPairs({ texts }: Contestant): boolean {
  return texts.every(({ pairs }) => pairs !== null);
}

function pairError({ texts }: Contestant): number {
  return texts.reduce((sum, { pairs }) => sum + (pairs ? pairs.total / pairs.n ** 2 : Number.POSITIVE_INFINITY), 0);
}
