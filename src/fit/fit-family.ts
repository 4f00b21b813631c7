import { randomSource } from "../../models/random.ts";
import { layerFractions } from "./align.ts";
import { decideOnAllPairs } from "./all-pairs.ts";
import { betaInterval } from "./bootstrap.ts";
import type { Target } from "./candidate.ts";
import { type Family, FROZEN, type MovingFamily } from "./families.ts";
import type { FamilyFit, TimeMap } from "./fit-result.ts";
import { CHEAP_TOKENS } from "./frames.ts";
import { frozenHeldOut, heldOutDistance } from "./held-out.ts";
import type { ObservedTexts } from "./observe.ts";
import { type Prediction, predict, predictFrozen } from "./prediction.ts";
import { bestIndex, type FitProblem, profile, type Searched, searchBeta } from "./search.ts";
import { familyWarnings } from "./warnings.ts";

/** First grid and rounds of refinement: β to 0.4 %; for large clouds `decideOnAllPairs` follows, to 4 %: their intervals are far wider. */
const CHEAP = { perOctave: 2, refinements: 4 };
const DEAR = { perOctave: 1.5, refinements: 1 };
/** A time map with a parameter a layer must predict left-out layers better than the linear one by this share to be preferred. */
const IN_DOUBT = 0.1;

/** float32 states make inner products uncertain by about 1e-7: where layers keep a mean W1 below this from the first, nothing moves. */
const ROUNDING = 1e-6;

/** What of the fit's options concerns one family. */
export interface FamilySettings {
  readonly time: TimeMap | "auto";
  readonly betaMin: number;
  readonly betaMax: number;
  readonly bootstrap: number;
  readonly seed: number;
  readonly progress: (fraction: number) => void;
}

/** A family under the time map that was chosen, and under the other one. */
export interface FittedFamily {
  readonly chosen: FamilyFit;
  readonly other: FamilyFit;
}

/** Fits one family under both time maps, which share every simulation; the interval of β is made for the chosen one. */
export async function fitFamily(
  problem: FitProblem,
  everything: readonly Target[],
  family: MovingFamily,
  frozen: FamilyFit,
  edges: readonly number[],
  settings: FamilySettings,
): Promise<FittedFamily> {
  const { betaMin, betaMax, progress } = settings;
  const effort = problem.texts.some(({ n }) => n > CHEAP_TOKENS) ? DEAR : CHEAP;
  const found = await searchBeta(problem, family, { ...effort, betaMin, betaMax, progress: (f) => progress(0.6 * f) });
  const decided = await decideOnAllPairs(problem, everything, family, found);
  progress(0.7);
  const linear = await underMap(problem, family, found, decided, "linear", frozen, edges);
  const monotone = await underMap(problem, family, found, decided, "monotone", frozen, edges);
  const [chosen, other] = prefersLinear(linear, monotone, settings.time) ? [linear, monotone] : [monotone, linear];
  const known = mergeSearched(found, decided);
  const interval = await intervalOf(problem, family, known, chosen.beta!, chosen.time.map, settings, (f) =>
    progress(0.7 + 0.3 * f),
  );
  const warnings = familyWarnings(family, found, chosen.time.map, problem.layers, interval);
  return { chosen: { ...chosen, beta_interval: interval, warnings }, other };
}

async function underMap(
  problem: FitProblem,
  family: MovingFamily,
  found: readonly Searched[],
  decided: readonly Searched[],
  map: TimeMap,
  frozen: FamilyFit,
  edges: readonly number[],
): Promise<FamilyFit> {
  const best = decided[bestIndex(decided, map)];
  const { times } = best.alignments[map];
  const prediction = await predict(problem.texts, family, best.candidate.beta, times, edges);
  return {
    ...assemble(family, prediction, frozen, heldOutDistance(problem, decided, map)),
    beta: best.candidate.beta,
    beta_interval: null,
    time: { map, values: times },
    complexity: map === "linear" ? 2 : times.length,
    profile: profile(found, map),
    warnings: familyWarnings(family, found, map, problem.layers, null),
  };
}

/** Unless a map is asked for: the one that predicts left-out layers better, in doubt the linear one. */
function prefersLinear(linear: FamilyFit, monotone: FamilyFit, time: TimeMap | "auto"): boolean {
  if (time !== "auto") return time === "linear";
  const held = (f: FamilyFit): number => f.w1_held_out ?? f.w1;
  return held(linear) <= (1 + IN_DOUBT) * held(monotone);
}

async function intervalOf(
  problem: FitProblem,
  family: MovingFamily,
  found: readonly Searched[],
  beta: number,
  map: TimeMap,
  { bootstrap, seed }: FamilySettings,
  progress: (fraction: number) => void,
): Promise<readonly [number, number] | null> {
  if (bootstrap === 0) return null;
  const options = { replicates: bootstrap, random: randomSource(seed), progress };
  const [lo, hi] = await betaInterval(problem, family, found, map, options);
  return [Math.min(lo, beta), Math.max(hi, beta)];
}

/** What the search and the decision tried, by β; where both did, the decision holds. */
function mergeSearched(found: readonly Searched[], decided: readonly Searched[]): Searched[] {
  const settled = new Set(decided.map((s) => s.candidate.beta));
  const others = found.filter((s) => !settled.has(s.candidate.beta));
  return [...others, ...decided].sort((a, b) => a.candidate.beta - b.candidate.beta);
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
    skill: skill(w1, frozen ? frozen.w1 : w1),
    w1_held_out: heldOut,
    skill_held_out: heldOut === null ? null : skill(heldOut, frozen ? (frozen.w1_held_out ?? 0) : heldOut),
    ...prediction.statistics,
  };
}

function skill(w1: number, baseline: number): number | null {
  return baseline < ROUNDING ? null : 1 - w1 / baseline;
}

function meanAfterFirst(values: readonly number[]): number {
  return values.slice(1).reduce((a, b) => a + b, 0) / (values.length - 1);
}
