import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { defaultPolicy, type Policy } from "../../probes/policy/policy.ts";
import { policyRecord } from "../../probes/policy/policy-record.ts";
import { fixedEdges } from "../../probes/products/bin-edges.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import { checkParams } from "../../sim/dynamics/check-params.ts";
import { findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { layerFractions } from "./align.ts";
import type { Target } from "./candidate.ts";
import { type Family, type MovingFamily, movingFamilies } from "./families.ts";
import { FIT_DEFAULTS } from "./fit-defaults.ts";
import { type FittedFamily, fitFamily, frozenFamily } from "./fit-family.ts";
import type { FitResult, Observed, TimeMap } from "./fit-result.ts";
import type { FitText } from "./fit-text.ts";
import { type ObservedTexts, observeTexts } from "./observe.ts";
import { planSketch, sketch } from "./quantile-sketch.ts";
import type { FitProblem } from "./search.ts";
import { cosineStatistics } from "./statistics.ts";
import { pickBest, verdict } from "./verdict.ts";

/** What a user may choose of a fit. */
export interface FitOptions {
  /** What is fitted: names of the table, or families of your own. `frozen` is always added, last. Default SA and USA. */
  readonly families?: readonly (string | Family)[];
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

/** Whatever is measured beside it: a fit is of unit tokens and of pairs i < j within a text. */
const FITTED = { normalize: "l2", diagonal: "exclude", pairs: "within" } as const;

/** Pairs of more tokens than this are not all measured while searching; the final numbers use all. */
const SEARCH_TOKENS = 128;
const SKETCH_BLOCKS = 1024;
const BINS = 100;

/**
 * Fits families of dynamics, SA and USA unless told otherwise, to the layers of a network, beside the baseline that nothing moves.
 *
 *   states ─observeTexts─▶ clouds on the sphere ─┬─ sketches ─searchBeta─▶ candidates ─align─▶ β, times
 *                                                └─ first cloud ─simulate────┘            │
 *   FitResult ◀─verdict── families ◀── betaInterval, heldOutDistance, predict ◀── decideOnAllPairs
 *
 * Source: R §4 and Figure 1 for what is compared; the W1 distance is that between distributions of inner products over pairs i < j.
 * Throws `input` where the states cannot be fitted, `usage` where an option is out of range.
 */
export async function fit(batches: readonly HiddenStates[], options: FitOptions = {}): Promise<FitResult> {
  const settings = { ...FIT_DEFAULTS, policy: defaultPolicy, source: "states", ...options };
  const moving = movingFamilies(settings.families);
  const observed = observeTexts(batches, settings.policy, settings.startLayer);
  checkParameters(moving, observed);
  const edges = [...fixedEdges(BINS)];
  const frozen = frozenFamily(observed, edges);
  const problem = fitProblem(observed, settings.seed, options.signal);
  const everything = allPairs(observed.texts, problem.targets);
  const fitted: FittedFamily[] = [];
  for (const [i, family] of moving.entries()) {
    const progress = (fraction: number): void =>
      options.progress?.((i + fraction) / moving.length, `fitting ${family.name}`);
    fitted.push(await fitFamily(problem, everything, family, frozen, edges, { ...settings, progress }));
  }
  const families = [...fitted.map((f) => f.chosen), frozen];
  const alternatives = fitted.map((f) => f.other);
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

/** Before hours of work: a parameter that one family or text cannot use is said. */
function checkParameters(families: readonly MovingFamily[], { texts }: ObservedTexts): void {
  for (const { dynamics, parameters = {} } of families) {
    for (const { n, d } of texts) checkParams(findDynamics(dynamics), parameters, n, d);
  }
}

function fitProblem({ texts, layers }: ObservedTexts, seed: number, signal?: AbortSignal): FitProblem {
  const random = randomSource(seed);
  const targets = texts.map((text) => target(text, chooseTokens(text.n, random)));
  const largest = Math.max(...texts.flatMap((t) => t.clouds.map(meanCosine)));
  return {
    texts,
    targets,
    layers,
    fractions: layerFractions(layers),
    untilMeanCosine: Math.min(0.9995, largest + 0.15),
    ...(signal ? { signal } : {}),
  };
}

/** Targets that measure the pairs of all tokens: the sample itself where nothing was left out of it. */
function allPairs(texts: readonly FitText[], sample: readonly Target[]): readonly Target[] {
  if (texts.every(({ n }) => n <= SEARCH_TOKENS)) return sample;
  return texts.map((text) =>
    target(
      text,
      Int32Array.from({ length: text.n }, (_, i) => i),
    ),
  );
}

function target(text: FitText, tokens: Int32Array): Target {
  const plan = planSketch(tokens, SKETCH_BLOCKS);
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

function describe(observed: ObservedTexts, edges: readonly number[], source: string, policy: Policy): Observed {
  const products = observed.texts.map((text) => text.clouds.map((cloud) => innerProducts(cloud, true)));
  return {
    source,
    texts: observed.texts.length,
    n: observed.texts.map((text) => text.n),
    d: observed.texts[0].d,
    layers: observed.layers,
    ...cosineStatistics(products, edges),
    policy: { ...policyRecord({ ...policy, ...FITTED }, observed.specialKnown) },
  };
}
