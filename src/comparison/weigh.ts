import type { FamilyName } from "../fit/fit-result.ts";
import { type Contestant, meanOver, skillsOf, zBetween } from "../levels/contestant.ts";
import type { Comparison, FamilyLevels, Likeness, RivalFit, TextConclusion } from "./comparison.ts";
import { type Concluded, type Contest, conclude, type FamilyContestant } from "./conclude.ts";
import type { MeasuredContest } from "./measure-contest.ts";

/** What is known of the texts beyond the measured contest. */
export interface Circumstances {
  /** One a text: whether the places of tokens mean the same in every layer. */
  readonly sharesBasis: readonly boolean[];
  /** By text and family: whether selection among tokens adds to its updates; null where that was not asked. */
  readonly adds: (text: number, family: FamilyName) => boolean | null;
  /** Whether layers in this order are nearer to a family than in random ones. */
  readonly ordered: (family: FamilyName) => boolean;
  /** Share of the updates that depends on the other tokens, where a model could be asked. */
  readonly context: number | null;
}

/** A contest weighed: of all texts together and of each. */
export interface Weighed {
  readonly best: FamilyName;
  readonly levels: ReadonlyMap<FamilyName, FamilyLevels>;
  readonly comparison: Omit<Comparison, "updates">;
  readonly concluded: Concluded;
}

const NO_BASIS =
  "the layers share no basis: each is turned against the one before, so that only inner products can be compared";

/** Names of the motions that are rivals, not families. */
export const AVERAGING = "averaging";

/** Weighs families against rivals, over all texts together and in each. */
export function weigh(measured: MeasuredContest, circumstances: Circumstances): Weighed {
  const texts = circumstances.sharesBasis.map((_, t) => t);
  const contest = contestOf(measured, circumstances, texts);
  const concluded = conclude(contest);
  const nearest = contest.families.find(({ name }) => name === concluded.best) ?? contest.families[0];
  const levels = contest.families.map(
    (family, f) => [family.name, levelsOf(family, contest, measured.partitions[f])] as const,
  );
  return {
    best: concluded.best,
    levels: new Map(levels),
    concluded,
    comparison: {
      conclusion: concluded.conclusion,
      conclusions: texts.map((text) => textConclusion(measured, circumstances, text)),
      tie: concluded.tie,
      rivals: rivalsOf(measured, contest, nearest),
      basis: contest.sharedBasis ? null : NO_BASIS,
      ceiling: measured.ceiling,
    },
  };
}

function contestOf(
  measured: MeasuredContest,
  { sharesBasis, adds, ordered, context }: Circumstances,
  texts: readonly number[],
): Contest {
  const only = (one: Contestant): Contestant => ({ ...one, texts: texts.map((t) => one.texts[t]) });
  const sharedBasis = texts.every((t) => sharesBasis[t]);
  const family = (one: Contestant): FamilyContestant => ({
    ...only(one),
    displacement_cosine: sharedBasis ? meanOver(only(one).texts, (text) => text.displacement_cosine) : null,
    ordered: ordered(one.name),
    adds: sharedBasis ? null : texts.every((t) => adds(t, one.name) === true),
  });
  const [frozen, ...rivals] = measured.rivals.map(only);
  return {
    families: measured.motions.filter(({ name }) => name !== AVERAGING).map(family),
    averaging: only(measured.motions.find(({ name }) => name === AVERAGING)!),
    frozen,
    rivals,
    sharedBasis,
    context,
  };
}

function textConclusion(measured: MeasuredContest, circumstances: Circumstances, text: number): TextConclusion {
  const { conclusion, best, tie } = conclude(contestOf(measured, circumstances, [text]));
  return { text, conclusion, best, tie };
}

function levelsOf(
  family: FamilyContestant,
  { families, frozen, sharedBasis }: Contest,
  partition: FamilyLevels["partition"],
): FamilyLevels {
  const { pair_skill, token_skill } = skillsOf(family, frozen);
  const others = families.filter((one) => one !== family);
  const zs = others.map((other) => zBetween(family, other, "pairs")).filter((z) => z !== null);
  return {
    pair_skill,
    token_skill: sharedBasis ? token_skill : null,
    ...likenessOf(family),
    displacement_cosine: family.displacement_cosine,
    pair_z: zs.length === 0 ? null : Math.min(...zs),
    partition,
  };
}

function likenessOf({ texts }: Contestant): Likeness {
  return {
    pair_correlation: meanOver(texts, (one) => one.pair_correlation),
    closest_1_percent: meanOver(texts, (one) => one.closest_1_percent),
    cluster_agreement: meanOver(texts, (one) => one.cluster_agreement),
    displacement_cosine: meanOver(texts, (one) => one.displacement_cosine),
  };
}

function rivalsOf(
  measured: MeasuredContest,
  { frozen, averaging, rivals, sharedBasis }: Contest,
  nearest: Contestant,
): readonly RivalFit[] {
  const counted = new Map(measured.rivals.map(({ name, complexity }) => [name, complexity]));
  const held = [frozen, averaging, ...rivals].map((one) => {
    const complexity = counted.get(one.name) ?? null;
    return { ...rivalFit(one, frozen, nearest, true), ...(complexity === null ? {} : { complexity }) };
  });
  const laws = measured.laws.map((one) => rivalFit(one, frozen, nearest, false));
  const shown = measured.shown.map(({ contestant, frozen: base }) => rivalFit(contestant, base, null, false));
  return [...held, ...laws, ...shown].map((one) => (sharedBasis ? one : { ...one, token_skill: null, token_z: null }));
}

function rivalFit(one: Contestant, frozen: Contestant, nearest: Contestant | null, rival: boolean): RivalFit {
  return {
    name: one.name,
    label: one.label,
    rival,
    ...skillsOf(one, frozen),
    pair_z: nearest && zBetween(nearest, one, "pairs"),
    token_z: nearest && zBetween(nearest, one, "tokens"),
  };
}
