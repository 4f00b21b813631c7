import { mean } from "../../probes/numerics/mean.ts";
import { type Alignment, align, alignFirst, costTable, indexOfLeast, type TimeMap } from "../alignment/align.ts";
import { remembered } from "../alignment/remembered.ts";
import { FROZEN, type MovingFamily } from "../laws/families.ts";
import type { FitProblem, Searched } from "./evaluate.ts";
import type { HeldKind } from "./fit-result.ts";
import { searchAround } from "./search.ts";
import { skillOf } from "./skill.ts";

/** A part of the data that a prediction was not fitted to, and what it was fitted with. */
export interface HeldSplit {
  /** `null` where nothing was fitted: the baseline. */
  readonly beta: number | null;
  /** One a fitted layer, the first 0. */
  readonly times: readonly number[];
  /** Places, among the fitted layers, of those that are held out. */
  readonly layers: readonly number[];
  /** Numbers of the texts in which they are. */
  readonly texts: readonly number[];
  /** Of each of those texts the tokens whose pairs are held out; `null`: all. */
  readonly tokens: readonly Int32Array[] | null;
}

/** How far a family comes on data that it was not fitted to. */
export interface HeldOut {
  readonly kind: HeldKind;
  readonly family: string;
  /** 1 − W1 / W1(frozen) over all that is held out; `null` where it cannot be held out, or nothing moves there. */
  readonly w1_skill: number | null;
  /** Why there is no skill. */
  readonly reason: string | null;
  readonly splits: readonly HeldSplit[];
}

/** Sums over what is held out. */
export interface HeldDistance {
  readonly w1: number;
  readonly baseline: number;
  readonly splits: readonly HeldSplit[];
}

/** Candidates tried again for each part left out: leaving one out moves β little. */
const SHORT_LIST = 8;
const SHORTER_LIST = 4;
/** Texts beyond this number are left out several at a time. */
const MOST_FOLDS = 10;

/**
 * Inner layers left out in turn: β and time are fitted to the others, the layer's own time is interpolated between its
 * neighbours'. `null` with fewer than one inner layer. The first and last layers are always fitted: nothing encloses them.
 */
export function heldOutLayers(problem: FitProblem, found: readonly Searched[], map: TimeMap): HeldDistance | null {
  const inner = innerLayers(problem);
  if (inner.length === 0) return null;
  const list = [...found].sort((a, b) => a.alignments[map].w1 - b.alignments[map].w1).slice(0, SHORT_LIST);
  const paths = list.map((s) => ({ s, path: remembered(s.candidate) }));
  const trials = inner.map((k) =>
    paths
      .map(({ s, path }) => ({ s, fitted: align(path, map, problem.fractions, s.tables[map], k) }))
      .reduce((a, b) => (b.fitted.w1 < a.fitted.w1 ? b : a)),
  );
  return {
    w1: mean(trials.map(({ fitted }, i) => fitted.costs[inner[i]])),
    baseline: mean(inner.map((k) => found[0].candidate.cost(k, 0))),
    splits: trials.map(({ s, fitted }, i) => splitOf(problem, s, fitted, [inner[i]])),
  };
}

/** The last third of the layers, by β and one step fitted to those before. `null` with fewer than four layers. */
export async function heldOutLastThird(
  problem: FitProblem,
  family: MovingFamily,
  found: readonly Searched[],
): Promise<HeldDistance | null> {
  const held = lastThird(problem);
  if (held.length === 0) return null;
  const last = held[0] - 1;
  const fit = (s: Searched): Alignment => alignFirst(s.candidate, problem.fractions, s.tables.linear, last);
  const all = await searchAround(problem, family, found, (s) => fit(s).w1, 1);
  const fits = all.map(fit);
  const best = indexOfLeast(fits.map(({ w1 }) => w1));
  return {
    w1: mean(held.map((k) => fits[best].costs[k])),
    baseline: mean(held.map((k) => all[best].candidate.cost(k, 0))),
    splits: [splitOf(problem, all[best], fits[best], held)],
  };
}

/**
 * Each text by β and times fitted to the others. `null` of one text. Candidates are ranked by what each text alone comes to.
 *
 * @param alone - `[candidate][text]`: W1 of each text with times of its own.
 */
export function heldOutTexts(
  problem: FitProblem,
  found: readonly Searched[],
  map: TimeMap,
  alone: readonly (readonly number[])[],
): HeldDistance | null {
  const folds = textFolds(problem);
  if (folds.length === 0) return null;
  const parts = folds.map((held) => {
    const others = problem.texts.map((_, i) => i).filter((i) => !held.includes(i));
    const rank = (i: number): number => others.reduce((sum, text) => sum + alone[i][text], 0);
    const list = found.map((_, i) => i).sort((a, b) => rank(a) - rank(b));
    const trials = list.slice(0, SHORTER_LIST).map((i) => {
      const s = found[i];
      const c = s.candidate.ofTexts(others);
      return { s, fitted: align(c, map, problem.fractions, costTable(c, map, problem.fractions)) };
    });
    const { s, fitted } = trials.reduce((a, b) => (b.fitted.w1 < a.fitted.w1 ? b : a));
    const own = s.candidate.ofTexts(held);
    const later = fitted.times.map((_, k) => k).slice(1);
    return {
      w1: held.length * mean(later.map((k) => own.cost(k, Math.min(own.horizon, fitted.times[k])))),
      baseline: held.length * mean(later.map((k) => own.cost(k, 0))),
      split: { ...splitOf(problem, s, fitted, later), texts: held },
    };
  });
  const over = (f: (part: (typeof parts)[number]) => number): number =>
    mean(parts.map(f)) / mean(folds.map((f) => f.length));
  return {
    w1: over(({ w1 }) => w1),
    baseline: over(({ baseline }) => baseline),
    splits: parts.map(({ split }) => split),
  };
}

export const HELD_KINDS: readonly HeldKind[] = ["layers", "last_third", "texts", "tokens"];

/** Why a kind cannot be held out. */
const REASONS: Readonly<Record<HeldKind, string>> = {
  layers: "two layers have none between them",
  last_third: "fewer than four layers",
  texts: "one text",
  tokens: "a text of fewer than four tokens",
};

/** A distance as what is said of it; `null` where the kind cannot be held out. */
export function heldOutRow(kind: HeldKind, family: string, held: HeldDistance | null): HeldOut {
  if (held === null) return { kind, family, w1_skill: null, reason: REASONS[kind], splits: [] };
  const skill = skillOf(held.w1, held.baseline);
  return { kind, family, w1_skill: skill, reason: skill === null ? STILL : null, splits: held.splits };
}

const STILL = "no inner product changes";

/** A family on every kind, where nothing changes. */
export function stillRows(family: string): HeldOut[] {
  return HELD_KINDS.map((kind) => ({ kind, family, w1_skill: null, reason: STILL, splits: [] }));
}

/** The baseline on what is held out, nothing being fitted: its skill is 0 wherever there is one. */
export function frozenRows(problem: FitProblem, tokens: readonly Int32Array[] | null): HeldOut[] {
  const all = splitsOfNothing(problem, tokens);
  return HELD_KINDS.map((kind) => {
    const splits = all[kind];
    return heldOutRow(kind, FROZEN.name, splits.length === 0 ? null : { w1: 1, baseline: 1, splits });
  });
}

function splitsOfNothing(
  problem: FitProblem,
  tokens: readonly Int32Array[] | null,
): Readonly<Record<HeldKind, readonly HeldSplit[]>> {
  const texts = problem.texts.map((_, i) => i);
  const later = problem.layers.map((_, k) => k).slice(1);
  const split = (layers: readonly number[], of = texts): HeldSplit => ({
    ...{ beta: null, times: problem.layers.map(() => 0), layers, texts: of, tokens: null },
  });
  const third = lastThird(problem);
  return {
    layers: innerLayers(problem).map((k) => split([k])),
    last_third: third.length === 0 ? [] : [split(third)],
    texts: textFolds(problem).map((held) => split(later, held)),
    tokens: tokens === null ? [] : [{ ...split(later), tokens }],
  };
}

/** The same for the baseline that nothing moves. */
export function frozenHeldOut(problem: Pick<FitProblem, "fractions">, frozenCosts: readonly number[]): number | null {
  const inner = innerLayers(problem);
  return inner.length === 0 ? null : mean(inner.map((k) => frozenCosts[k]));
}

function innerLayers(problem: Pick<FitProblem, "fractions">): number[] {
  return problem.fractions.map((_, k) => k).slice(1, -1);
}

/** Places of the last third of the layers after the first; none where the rest would be fewer than two. */
function lastThird({ layers }: FitProblem): number[] {
  const later = layers.map((_, k) => k).slice(1);
  return later.length < 3 ? [] : later.slice(later.length - Math.floor(later.length / 3));
}

/** Each text alone, or parts of about equal size where there are many; none of one text. */
function textFolds({ texts }: FitProblem): number[][] {
  if (texts.length < 2) return [];
  const folds = Math.min(texts.length, MOST_FOLDS);
  return Array.from({ length: folds }, (_, f) => texts.map((_, i) => i).filter((i) => i % folds === f));
}

function splitOf(problem: FitProblem, s: Searched, { times }: Alignment, layers: readonly number[]): HeldSplit {
  const texts = problem.texts.map((_, i) => i);
  return { beta: s.candidate.beta, times, layers, texts, tokens: null };
}
