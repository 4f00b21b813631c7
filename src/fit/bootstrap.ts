import type { Cloud } from "../../probes/cloud.ts";
import type { Alignment } from "./align.ts";
import { binEdges, binNumbers, binWidths, cumulative, distance } from "./binned-pairs.ts";
import type { MovingFamily } from "./families.ts";
import type { TimeMap } from "./fit-result.ts";
import { measuredProducts, type SketchPlan } from "./quantile-sketch.ts";
import type { FitProblem, Searched } from "./search.ts";
import { visitSimulated } from "./simulated-products.ts";

/**
 * A 95 % interval for β by resampling, without simulating again for every resample: the trajectories at the β values of the
 * search are re-used, and each resample weighs the same tokens of the observed and of the simulated clouds, or, with enough
 * texts, whole texts. In every resample time is aligned anew near its best value. What is not resampled is the trajectory: a
 * token left out still attracted the others.
 */
export interface BootstrapOptions {
  readonly replicates: number;
  /** Uniform numbers in [0, 1). */
  readonly random: () => number;
  readonly progress?: (fraction: number) => void;
}

/** From this many texts on, texts are resampled instead of tokens. */
const TEXTS_TO_RESAMPLE = 5;
/** Candidates whose mean W1 is beyond this multiple of the best cannot win a resample worth counting. */
const CONTENDER = 1.25;
/** No more candidates than this are simulated once more for their pair values. */
const MAX_CONTENDERS = 14;
/** Bins are a thousand times wider. */
const TOLERANCE = 1e-4;
/** Times tried around the best one in each resample, as factors. */
const TIME_FACTORS = [0.8, 0.92, 1, 1.08, 1.25];

/** Bin numbers of all measured pairs of one text, observed and simulated. */
interface BinnedText {
  readonly plan: SketchPlan;
  readonly width: Float64Array;
  /** One a layer, the first left out. */
  readonly observed: readonly Uint16Array[];
  readonly contenders: readonly BinnedTrajectory[];
}

interface BinnedTrajectory {
  /** Bin numbers at distinct times. */
  readonly bins: readonly Uint16Array[];
  /** `[layer − 1][time factor]`: which of them. */
  readonly at: readonly (readonly number[])[];
}

/** The interval [2.5 %, 97.5 %] of β, never narrower than the spacing of the search around the best value. */
export async function betaInterval(
  problem: FitProblem,
  family: MovingFamily,
  found: readonly Searched[],
  map: TimeMap,
  options: BootstrapOptions,
): Promise<readonly [number, number]> {
  const contenders = pickContenders(found, map);
  const texts: BinnedText[] = [];
  for (let i = 0; i < problem.texts.length; i++) {
    texts.push(await binText(problem, i, family, contenders, map));
    options.progress?.((0.5 * (i + 1)) / problem.texts.length);
  }
  const betas = contenders.map((s) => s.candidate.beta);
  const draws: number[] = [];
  const whole = texts.length >= TEXTS_TO_RESAMPLE ? texts.map((t) => costs(t, ones(t), map)) : null;
  for (let r = 0; r < options.replicates; r++) {
    const perText = whole
      ? whole.map(() => whole[Math.floor(options.random() * whole.length)])
      : texts.map((t) => costs(t, resample(t.plan.tokens.length, options.random), map));
    draws.push(argmin(sumCosts(perText), betas));
    options.progress?.(0.5 + (0.5 * (r + 1)) / options.replicates);
  }
  return widen(percentiles(draws), found, map);
}

function pickContenders(found: readonly Searched[], map: TimeMap): Searched[] {
  const w1 = (s: Searched): number => s.alignments[map].w1;
  const ranked = [...found].sort((a, b) => w1(a) - w1(b));
  const limit = Math.max(CONTENDER * w1(ranked[0]), w1(ranked[Math.min(6, ranked.length - 1)]));
  const able = found.filter((s) => w1(s) <= limit);
  const count = Math.min(able.length, MAX_CONTENDERS);
  const even = Array.from(
    { length: count },
    (_, i) => able[Math.round((i * (able.length - 1)) / Math.max(1, count - 1))],
  );
  return found.filter((s) => even.includes(s) || s === ranked[0]);
}

async function binText(
  problem: FitProblem,
  index: number,
  family: MovingFamily,
  contenders: readonly Searched[],
  map: TimeMap,
): Promise<BinnedText> {
  const text = problem.texts[index];
  const { plan } = problem.targets[index];
  const products = text.clouds.map((cloud) => measuredProducts(plan, cloud));
  const edges = binEdges(products);
  const trajectories: BinnedTrajectory[] = [];
  for (const { candidate, alignments } of contenders) {
    const wanted = alignments[map].times
      .slice(1)
      .map((t) => TIME_FACTORS.map((f) => Math.min(t * f, candidate.horizon)));
    const distinct = [...new Set(wanted.flat())];
    const bins: Uint16Array[] = [];
    const bin = (i: number, cloud: Cloud): void => {
      bins[i] = binNumbers(measuredProducts(plan, cloud), edges);
    };
    await visitSimulated(text, family, candidate.beta, distinct, bin, { tolerance: TOLERANCE });
    trajectories.push({ bins, at: wanted.map((times) => times.map((t) => distinct.indexOf(t))) });
  }
  return {
    plan,
    width: binWidths(edges),
    observed: products.slice(1).map((values) => binNumbers(values, edges)),
    contenders: trajectories,
  };
}

/** Sum of W1 of each contender with time aligned anew: one factor for all layers (linear), or each layer its own (monotone). */
function costs(text: BinnedText, multiplicity: Float64Array, map: TimeMap): Float64Array {
  const observed = text.observed.map((bins) => cumulative(bins, multiplicity));
  return Float64Array.from(text.contenders, ({ bins, at }) => {
    const predicted = bins.map((b) => cumulative(b, multiplicity));
    const table = at.map((row, k) => row.map((i) => distance(observed[k], predicted[i], text.width)));
    if (map === "monotone") return table.reduce((sum, row) => sum + Math.min(...row), 0);
    return Math.min(...TIME_FACTORS.map((_, f) => table.reduce((sum, row) => sum + row[f], 0)));
  });
}

function ones(text: BinnedText): Float64Array {
  return new Float64Array(text.plan.tokens.length).fill(1);
}

/** How often each token is drawn. A draw of one token only has no pairs and is drawn again. */
function resample(n: number, random: () => number): Float64Array {
  const m = new Float64Array(n);
  for (let i = 0; i < n; i++) m[Math.floor(random() * n)]++;
  return m.includes(n) ? resample(n, random) : m;
}

function sumCosts(perText: readonly Float64Array[]): Float64Array {
  return perText[0].map((_, c) => perText.reduce((sum, t) => sum + t[c], 0));
}

function argmin(values: Float64Array, betas: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] < values[best]) best = i;
  return betas[best];
}

function percentiles(draws: number[]): [number, number] {
  const sorted = [...draws].sort((a, b) => a - b);
  const at = (q: number): number => sorted[Math.round(q * (sorted.length - 1))];
  return [at(0.025), at(0.975)];
}

/** The search cannot tell β values apart that lie between two that it tried: the ends move out to their neighbours. */
function widen(
  [lo, hi]: readonly [number, number],
  found: readonly Searched[],
  map: TimeMap,
): readonly [number, number] {
  const betas = found.map((s) => s.candidate.beta);
  const best = found.reduce(
    (a: Alignment, s) => (s.alignments[map].w1 < a.w1 ? s.alignments[map] : a),
    found[0].alignments[map],
  );
  const center = betas[found.findIndex((s) => s.alignments[map] === best)];
  const below = betas.filter((b) => b < Math.min(lo, center)).pop() ?? betas[0];
  const above = betas.find((b) => b > Math.max(hi, center)) ?? betas[betas.length - 1];
  return [below, above];
}
