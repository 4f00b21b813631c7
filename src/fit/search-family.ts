import { layerFractions, type TimeMap } from "../alignment/align.ts";
import { lowestBeta } from "../alignment/log-parabola.ts";
import { type Family, FROZEN, type MovingFamily, readsBeta, searchedParameter } from "../laws/families.ts";
import type { FoundFree } from "../laws/free-search.ts";
import { CHEAP_TOKENS } from "../trajectories/frames.ts";
import { evaluate, type FitProblem, type Searched, TIME_MAPS } from "./evaluate.ts";
import type { FamilyFit } from "./fit-result.ts";
import { frozenHeldOut, type HeldDistance, heldOutLayers } from "./held-out.ts";
import type { ObservedTexts } from "./observe.ts";
import { type Prediction, predict, predictFrozen } from "./prediction.ts";
import { bestIndex, distinctBetas, profile, searchBeta, untriedBetas } from "./search.ts";
import { skillOf } from "./skill.ts";
import { familyWarnings, stillWarning } from "./warnings.ts";

/** First grid and rounds of refinement: β to 0.4 %, of large clouds to 5 %, whose intervals are far wider; by the lowest point of a parabola to a fifth of that or less. */
const CHEAP = { perOctave: 2, refinements: 4 };
const DEAR = { perOctave: 1.5, refinements: 2 };
/** Of β at each value of a parameter that is searched beside it: enough to rank the values; the better once it is known about where. */
const RANKING = { perOctave: 1, refinements: 1 };
const RANKING_NEAR = { perOctave: 2, refinements: 2 };
/** Below this W1 nothing but rounding is told apart. */
const LEAST_W1 = 1e-9;
/** A time map with a parameter a layer must predict left-out layers better than the linear one by this share to be preferred. */
const IN_DOUBT = 0.1;

/** What of the fit's options concerns the search. */
export interface SearchSettings {
  readonly betaMin: number;
  readonly betaMax: number;
  /** By which map a parameter beside β is ranked; `auto`: by both. */
  readonly time: TimeMap | "auto";
  /** The value of its free parameter; `null` where it has none. */
  readonly free: FoundFree | null;
  readonly progress: (fraction: number) => void;
}

/** A family under both time maps, which share every simulation. */
export interface SearchedFamily {
  /** With its free parameter as found. */
  readonly family: MovingFamily;
  /** What limits that, in words. */
  readonly notes: readonly string[];
  /** What the search tried; far from the best on a sample of the tokens. */
  readonly found: readonly Searched[];
  readonly fits: Readonly<Record<TimeMap, FamilyFit>>;
  readonly heldOut: Readonly<Record<TimeMap, HeldDistance | null>>;
  /** Of each token in every layer, by what each fit leaves; `null` with too few layers to tell. */
  readonly noise: Readonly<Record<TimeMap, number | null>>;
}

/** The texts with a sample of their pairs, and with all: the same problem where these are all. */
export interface Problems {
  readonly sample: FitProblem;
  readonly whole: FitProblem;
}

/** Searches β and the times of one family. */
export async function searchFamily(
  { sample, whole }: Problems,
  asked: MovingFamily,
  frozen: FamilyFit,
  edges: readonly number[],
  { free, progress, ...settings }: SearchSettings,
): Promise<SearchedFamily> {
  const family = free ? withParameter(asked, free.value) : asked;
  const effort = whole.texts.some(({ n }) => n > CHEAP_TOKENS) ? DEAR : CHEAP;
  const searching = { ...effort, ...rangeOf(asked, settings), progress: (f: number) => progress(0.8 * f) };
  const found = await withLowest(whole, family, await searchBeta(whole, family, searching, sample));
  progress(0.9);
  const heldOut = {
    linear: heldOutLayers(whole, found, "linear"),
    monotone: heldOutLayers(whole, found, "monotone"),
  };
  const complexity = free ? 1 : 0;
  const under = (map: TimeMap) => underMap(whole, family, found, map, heldOut[map], { frozen, edges, complexity });
  const [linear, monotone] = [await under("linear"), await under("monotone")];
  const fits = { linear: linear.fit, monotone: monotone.fit };
  const notes = free ? freeNotes(asked, free) : [];
  return { family, notes, found, fits, heldOut, noise: { linear: linear.noise, monotone: monotone.noise } };
}

/** What came of one value of a free parameter. */
export interface Ranked {
  readonly beta: number;
  /** Smaller is better. */
  readonly score: number;
}

/**
 * How near a family comes at one value of its free parameter.
 *
 * @param near - What the best value so far came to: about where β lies is known then.
 */
export async function rankValue(
  problem: FitProblem,
  family: MovingFamily,
  { time, ...settings }: Pick<SearchSettings, "betaMin" | "betaMax" | "time">,
  value: number,
  near: Ranked | null,
): Promise<Ranked> {
  const { betaMin, betaMax } = rangeOf(family, settings);
  const options = near
    ? { ...RANKING_NEAR, betaMin: Math.max(betaMin, near.beta / 2), betaMax: Math.min(betaMax, near.beta * 2) }
    : { ...RANKING, betaMin, betaMax };
  const tried = await searchBeta(problem, withParameter(family, value), options);
  const best = (map: TimeMap) => tried[bestIndex(tried, map)];
  const w1 = (map: TimeMap) => Math.max(LEAST_W1, best(map).alignments[map].w1);
  const maps = time === "auto" ? TIME_MAPS : [time];
  return {
    beta: best("linear").candidate.beta,
    score: maps.reduce((sum, map) => sum + Math.log(w1(map)), 0),
  };
}

function rangeOf(
  { betas }: MovingFamily,
  { betaMin, betaMax }: Pick<SearchSettings, "betaMin" | "betaMax">,
): Pick<SearchSettings, "betaMin" | "betaMax"> {
  return betas ? { betaMin: betas[0], betaMax: betas[1] } : { betaMin, betaMax };
}

/** The family at a value of its free parameter. */
function withParameter(family: MovingFamily, value: number): MovingFamily {
  return { ...family, parameters: { ...family.parameters, [searchedParameter(family)!.name]: value } };
}

function freeNotes(family: MovingFamily, { value, atEdge }: FoundFree): readonly string[] {
  const { name } = searchedParameter(family)!;
  return atEdge ? [`${family.label}: the best ${name} ${value.toPrecision(3)} lies at the edge of what was tried`] : [];
}

/** With the lowest point of each time map's parabola, where no value was tried yet: β to a small share of the spacing. */
async function withLowest(
  problem: FitProblem,
  family: MovingFamily,
  found: readonly Searched[],
): Promise<readonly Searched[]> {
  const betas = found.map(({ candidate }) => candidate.beta);
  const lowest = TIME_MAPS.map((map) =>
    lowestBeta(
      betas,
      found.map(({ alignments }) => alignments[map].w1),
    ),
  );
  const fresh = untriedBetas(distinctBetas(lowest), betas);
  const all = [...found, ...(await evaluate(problem, family, fresh))];
  return all.sort((a, b) => a.candidate.beta - b.candidate.beta);
}

/** One map for all families, unless one is asked for: the one whose best family predicts left-out layers better, in doubt linear. */
export function jointMap(searched: readonly Pick<SearchedFamily, "fits">[], time: TimeMap | "auto"): TimeMap {
  if (time !== "auto") return time;
  const best = (map: TimeMap): number => Math.min(...searched.map(({ fits }) => fits[map].w1_held_out ?? fits[map].w1));
  return best("linear") <= (1 + IN_DOUBT) * best("monotone") ? "linear" : "monotone";
}

async function underMap(
  problem: FitProblem,
  family: MovingFamily,
  found: readonly Searched[],
  map: TimeMap,
  heldOut: HeldDistance | null,
  {
    frozen,
    edges,
    complexity,
  }: { readonly frozen: FamilyFit; readonly edges: readonly number[]; readonly complexity: number },
): Promise<{ readonly fit: FamilyFit; readonly noise: number | null }> {
  const best = found[bestIndex(found, map)];
  const { times } = best.alignments[map];
  const prediction = await predict(problem.texts, family, best.candidate.beta, times, edges);
  const searches = family.beta === undefined && readsBeta(family.dynamics);
  const assembled = assemble(family, prediction, frozen, heldOut?.w1 ?? null);
  const fit: FamilyFit = {
    ...assembled,
    beta: readsBeta(family.dynamics) ? best.candidate.beta : null,
    ...recordOf(family),
    beta_interval: null,
    time: { map, values: times },
    complexity: (map === "linear" ? 1 : times.length - 1) + (searches ? 1 : 0) + complexity,
    profile: readsBeta(family.dynamics) ? profile(found, map) : [],
    warnings:
      assembled.skill === null ? [stillWarning(family)] : familyWarnings(family, found, map, problem.layers, null),
  };
  return { fit, noise: prediction.noise };
}

/** What a fit records of a family beyond β: numbers that its dynamics reads, and where its tokens start. */
function recordOf({ parameters = {}, start }: MovingFamily): Pick<FamilyFit, "parameters" | "start"> {
  const numbers = Object.entries(parameters).filter((one): one is [string, number] => typeof one[1] === "number");
  return {
    ...(numbers.length > 0 ? { parameters: Object.fromEntries(numbers) } : {}),
    ...(start ? { start } : {}),
  };
}

/** The baseline: every layer looks like the first. */
export function frozenFamily({ texts, layers }: ObservedTexts, edges: readonly number[]): FamilyFit {
  const prediction = predictFrozen(texts, edges);
  const heldOut = frozenHeldOut({ fractions: layerFractions(layers) }, prediction.w1_by_layer);
  return {
    ...assemble(FROZEN, prediction, null, heldOut),
    beta: null,
    beta_interval: null,
    time: { map: "linear", values: layers.map(() => 0) },
    complexity: 0,
    profile: [],
    warnings: [],
  };
}

type Assembled = Omit<FamilyFit, "beta" | "beta_interval" | "time" | "complexity" | "profile" | "warnings">;

/** The part of a fit that every family has; `frozen` is null for the baseline itself. */
function assemble(
  { name, label, colour, dash, width }: Family,
  prediction: Prediction,
  frozen: FamilyFit | null,
  heldOut: number | null,
): Assembled {
  const w1 = meanAfterFirst(prediction.w1_by_layer);
  return {
    ...{ name, label, colour, dash, width },
    w1,
    w1_by_layer: prediction.w1_by_layer,
    skill: skillOf(w1, frozen ? frozen.w1 : w1),
    w1_held_out: heldOut,
    skill_held_out: heldOut === null ? null : skillOf(heldOut, frozen ? (frozen.w1_held_out ?? 0) : heldOut),
    ...prediction.statistics,
  };
}

function meanAfterFirst(values: readonly number[]): number {
  return values.slice(1).reduce((a, b) => a + b, 0) / (values.length - 1);
}
