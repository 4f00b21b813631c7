import type { HiddenStates } from "../../models/hidden-states.ts";
import { fixedEdges } from "../../probes/bin-edges.ts";
import { innerProducts } from "../../probes/inner-products.ts";
import { defaultPolicy, type Policy } from "../../probes/policy.ts";
import { policyRecord } from "../../probes/policy-record.ts";
import { randomSource } from "../../sim/random.ts";
import { betaInterval } from "./bootstrap.ts";
import type { Target } from "./candidate.ts";
import type { FamilyFit, FamilyName, FitResult, Observed, TimeMap } from "./fit-result.ts";
import type { FitText } from "./fit-text.ts";
import { frozenHeldOut, heldOutDistance } from "./held-out.ts";
import { type ObservedTexts, observeTexts } from "./observe.ts";
import { type Prediction, predict, predictFrozen } from "./prediction.ts";
import { planSketch, sketch } from "./quantile-sketch.ts";
import { bestIndex, type FitProblem, profile, type Searched, searchBeta, TIME_MAPS } from "./search.ts";
import { cosineStatistics } from "./statistics.ts";
import { pickBest, verdict } from "./verdict.ts";
import { familyWarnings } from "./warnings.ts";

/** What a user may choose of a fit. */
export interface FitOptions {
  readonly policy?: Policy;
  /** The observed layer that simulations start from. */
  readonly startLayer?: number;
  /** `auto` takes for each family the map that predicts left-out layers better. */
  readonly time?: TimeMap | "auto";
  readonly betaMin?: number;
  readonly betaMax?: number;
  /** Resamples for the interval of β; 0 leaves it out. */
  readonly bootstrap?: number;
  readonly seed?: number;
  /** Where the states came from, for the record. */
  readonly source?: string;
  readonly signal?: AbortSignal;
  readonly progress?: (fraction: number, stage: string) => void;
}

/** Defaults of every option that has one. */
export const FIT_DEFAULTS = {
  startLayer: 0,
  time: "auto",
  betaMin: 0.05,
  betaMax: 60,
  bootstrap: 200,
  seed: 1,
} as const;

const FAMILIES = ["sa", "usa"] as const;
const SEARCH = { perOctave: 3, refinements: 4 };
/** Pairs of more tokens than this are not all measured while searching; the final numbers use all. */
const SEARCH_TOKENS = 128;
const SKETCH_BLOCKS = 1024;
const BINS = 100;
/** A time map with a parameter a layer must predict left-out layers better than the linear one by this share to be preferred. */
const IN_DOUBT = 0.1;

/**
 * Fits SA and USA to the layers of a network, beside the baseline that nothing moves.
 *
 *   states ─observeTexts─▶ clouds on the sphere ─┬─ sketches ─searchBeta─▶ candidates ─align─▶ β, times
 *                                                └─ first cloud ─simulate────┘            │
 *   FitResult ◀─verdict── families ◀── betaInterval, heldOutDistance, predict ◀───────────┘
 *
 * Source: R §4 and Figure 1 for what is compared; the W1 distance is that between distributions of inner products over pairs i < j.
 * Throws `input` where the states cannot be fitted, `usage` where an option is out of range.
 */
export async function fit(batches: readonly HiddenStates[], options: FitOptions = {}): Promise<FitResult> {
  const settings = { ...FIT_DEFAULTS, policy: defaultPolicy, source: "states", ...options };
  const observed = observeTexts(batches, settings.policy, settings.startLayer);
  const edges = [...fixedEdges(BINS)];
  const frozen = frozenFit(observed, edges);
  const problem = fitProblem(observed, settings.seed, options.signal);
  const fitted: FamilyFit[][] = [];
  for (const [i, name] of FAMILIES.entries()) {
    const progress = (fraction: number): void =>
      options.progress?.((i + fraction) / FAMILIES.length, `fitting ${name}`);
    fitted.push(await fitFamily(problem, name, frozen, edges, { ...settings, progress }));
  }
  const families = [...fitted.map((maps) => chooseMap(maps, settings.time)), frozen];
  const alternatives = fitted.flat().filter((f) => !families.includes(f));
  const summary = describe(observed, edges, settings.source, settings.policy);
  const best = pickBest(families);
  return {
    format: "tokensphere/fit",
    version: 1,
    observed: summary,
    edges,
    families,
    alternatives,
    best,
    verdict: verdict(summary, families, best),
    seed: settings.seed,
  };
}

interface FamilySettings {
  readonly betaMin: number;
  readonly betaMax: number;
  readonly bootstrap: number;
  readonly seed: number;
  readonly progress: (fraction: number) => void;
}

/** One family under both time maps, which share every simulation. */
async function fitFamily(
  problem: FitProblem,
  name: "sa" | "usa",
  frozen: FamilyFit,
  edges: readonly number[],
  settings: FamilySettings,
): Promise<FamilyFit[]> {
  const { betaMin, betaMax, progress } = settings;
  const found = await searchBeta(problem, name, { ...SEARCH, betaMin, betaMax, progress: (f) => progress(0.6 * f) });
  const fits: FamilyFit[] = [];
  for (const [i, map] of TIME_MAPS.entries()) {
    const report = (fraction: number): void => progress(0.6 + 0.4 * ((i + fraction) / TIME_MAPS.length));
    const best = found[bestIndex(found, map)];
    const { times } = best.alignments[map];
    const prediction = await predict(problem.texts, name, best.candidate.beta, times, edges);
    const interval = await intervalOf(problem, name, found, map, settings, report);
    fits.push({
      ...assemble(name, prediction, frozen, heldOutDistance(problem, found, map)),
      beta: best.candidate.beta,
      beta_interval: interval,
      time: { map, values: times },
      complexity: map === "linear" ? 2 : times.length,
      profile: profile(found, map),
      warnings: familyWarnings(name, found, map, interval),
    });
  }
  return fits;
}

async function intervalOf(
  problem: FitProblem,
  name: "sa" | "usa",
  found: readonly Searched[],
  map: TimeMap,
  { bootstrap, seed }: FamilySettings,
  progress: (fraction: number) => void,
): Promise<readonly [number, number] | null> {
  if (bootstrap === 0) return null;
  return betaInterval(problem, name, found, map, { replicates: bootstrap, random: randomSource(seed), progress });
}

function frozenFit({ texts, layers }: ObservedTexts, edges: readonly number[]): FamilyFit {
  const prediction = predictFrozen(texts, edges);
  const heldOut = frozenHeldOut({ fractions: fractionsOf(layers) }, prediction.w1_by_layer);
  return {
    ...assemble("frozen", prediction, null, heldOut),
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
  name: FamilyName,
  prediction: Prediction,
  frozen: FamilyFit | null,
  heldOut: number | null,
): Assembled {
  const w1 = meanAfterFirst(prediction.w1_by_layer);
  return {
    name,
    w1,
    w1_by_layer: prediction.w1_by_layer,
    skill: skill(w1, frozen ? frozen.w1 : w1),
    w1_held_out: heldOut,
    skill_held_out: heldOut === null ? null : skill(heldOut, frozen ? (frozen.w1_held_out ?? 0) : heldOut),
    ...prediction.statistics,
  };
}

function skill(w1: number, baseline: number): number | null {
  return baseline > 0 ? 1 - w1 / baseline : null;
}

/** The map asked for, or the one that predicts left-out layers better (in doubt the linear one: it has fewer parameters). */
function chooseMap(maps: readonly FamilyFit[], time: TimeMap | "auto"): FamilyFit {
  const [linear, monotone] = TIME_MAPS.map((map) => maps.find((f) => f.time.map === map)!);
  if (time !== "auto") return time === "linear" ? linear : monotone;
  const held = (f: FamilyFit): number => f.w1_held_out ?? f.w1;
  return held(linear) <= (1 + IN_DOUBT) * held(monotone) ? linear : monotone;
}

function fitProblem({ texts, layers }: ObservedTexts, seed: number, signal?: AbortSignal): FitProblem {
  const random = randomSource(seed);
  const targets = texts.map((text) => target(text, random));
  const largest = Math.max(...texts.flatMap((t) => t.clouds.map((c) => meanOf(innerProducts(c, true)))));
  return {
    texts,
    targets,
    fractions: fractionsOf(layers),
    untilMeanCosine: Math.min(0.9995, largest + 0.15),
    ...(signal ? { signal } : {}),
  };
}

function target(text: FitText, random: () => number): Target {
  const plan = planSketch(chooseTokens(text.n, random), SKETCH_BLOCKS);
  const blocks = plan.weights.length;
  const sketches = new Float64Array(text.clouds.length * blocks);
  text.clouds.forEach((cloud, k) => {
    sketch(plan, cloud, sketches, k * blocks);
  });
  return { plan, sketches };
}

function chooseTokens(n: number, random: () => number): Int32Array {
  const tokens = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < Math.min(n, SEARCH_TOKENS); i++) {
    const j = i + Math.floor(random() * (n - i));
    [tokens[i], tokens[j]] = [tokens[j], tokens[i]];
  }
  return tokens.slice(0, SEARCH_TOKENS).sort();
}

function fractionsOf(layers: readonly number[]): number[] {
  const [first, last] = [layers[0], layers[layers.length - 1]];
  return layers.map((layer) => (layer - first) / (last - first));
}

function describe(observed: ObservedTexts, edges: readonly number[], source: string, policy: Policy): Observed {
  const products = observed.texts.map((text) => text.clouds.map((cloud) => innerProducts(cloud, true)));
  return {
    source,
    texts: observed.texts.length,
    n: observed.texts.map((text) => text.n),
    d: observed.texts[0].d,
    layers: observed.layers,
    ...cosineStatistics(products, edges),
    policy: { ...policyRecord({ ...policy, normalize: "l2" }, observed.specialKnown) },
  };
}

function meanAfterFirst(values: readonly number[]): number {
  return values.slice(1).reduce((a, b) => a + b, 0) / (values.length - 1);
}

function meanOf(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
