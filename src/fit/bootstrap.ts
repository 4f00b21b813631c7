import type { Alignment } from "./align.ts";
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
const CONTENDER = 2;
/** No more candidates than this are simulated once more for their pair values. */
const MAX_CONTENDERS = 24;
/** Times tried around the best one in each resample, as factors. */
const TIME_FACTORS = [0.75, 0.85, 0.93, 1, 1.07, 1.17, 1.3];
const BINS = 512;

/** Bin numbers of all measured pairs of one text: observed layers, then simulated times of each contender. */
interface BinnedText {
  readonly plan: SketchPlan;
  readonly width: Float64Array;
  readonly observed: readonly Uint16Array[];
  /** `[contender][layer − 1][time factor]`. */
  readonly simulated: readonly (readonly (readonly Uint16Array[])[])[];
}

/** The interval [2.5 %, 97.5 %] of β, never narrower than the spacing of the search around the best value. */
export async function betaInterval(
  problem: FitProblem,
  dynamics: "sa" | "usa",
  found: readonly Searched[],
  map: TimeMap,
  options: BootstrapOptions,
): Promise<readonly [number, number]> {
  const contenders = pickContenders(found, map);
  const texts: BinnedText[] = [];
  for (let i = 0; i < problem.texts.length; i++) {
    texts.push(await binText(problem, i, dynamics, contenders, map));
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
  return ranked
    .filter((s) => w1(s) <= limit)
    .slice(0, MAX_CONTENDERS)
    .sort((a, b) => a.candidate.beta - b.candidate.beta);
}

async function binText(
  problem: FitProblem,
  index: number,
  dynamics: "sa" | "usa",
  contenders: readonly Searched[],
  map: TimeMap,
): Promise<BinnedText> {
  const text = problem.texts[index];
  const { plan } = problem.targets[index];
  const products = text.clouds.map((cloud) => measuredProducts(plan, cloud));
  const edges = pooledQuantiles(products);
  const simulated = [];
  for (const contender of contenders) {
    const { times } = contender.alignments[map];
    const bins: Uint16Array[][] = times.slice(1).map(() => []);
    const wanted = times.slice(1).flatMap((t) => TIME_FACTORS.map((f) => Math.min(t * f, contender.candidate.horizon)));
    await visitSimulated(text, dynamics, contender.candidate.beta, wanted, (i, cloud) => {
      bins[Math.floor(i / TIME_FACTORS.length)][i % TIME_FACTORS.length] = binNumbers(
        measuredProducts(plan, cloud),
        edges,
      );
    });
    simulated.push(bins);
  }
  return {
    plan,
    width: Float64Array.from({ length: BINS }, (_, b) => edges[b + 1] - edges[b]),
    observed: products.slice(1).map((values) => binNumbers(values, edges)),
    simulated,
  };
}

/** Edges at quantiles of all observed layers, so that a narrow spike is resolved as well as a broad hump; ends at −1 and 1. */
function pooledQuantiles(products: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(products.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const p of products) {
    all.set(p, at);
    at += p.length;
  }
  all.sort();
  const edges = Float64Array.from({ length: BINS + 1 }, (_, b) => all[Math.round((b * (all.length - 1)) / BINS)]);
  edges[0] = -1;
  edges[BINS] = 1;
  return edges;
}

function binNumbers(values: Float64Array, edges: Float64Array): Uint16Array {
  return Uint16Array.from(values, (v) => {
    let lo = 0;
    let hi = BINS - 1;
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if (edges[mid] <= v) lo = mid;
      else hi = mid - 1;
    }
    return lo;
  });
}

/** Mean W1 of each contender with time aligned anew: one factor for all layers (linear), or each layer its own (monotone). */
function costs(text: BinnedText, multiplicity: Float64Array, map: TimeMap): Float64Array {
  const observed = text.observed.map((bins) => cumulative(bins, multiplicity));
  return Float64Array.from(text.simulated, (layers) => {
    const table = layers.map((times, k) =>
      times.map((bins) => distance(observed[k], cumulative(bins, multiplicity), text.width)),
    );
    if (map === "monotone") return table.reduce((sum, row) => sum + Math.min(...row), 0);
    return Math.min(...TIME_FACTORS.map((_, f) => table.reduce((sum, row) => sum + row[f], 0)));
  });
}

/** Cumulative distribution over the bins with pair (i, j) weighing m_i m_j. */
function cumulative(bins: Uint16Array, m: Float64Array): Float64Array {
  const out = new Float64Array(BINS);
  const n = m.length;
  let p = 0;
  for (let i = 0; i < n; i++) {
    const mi = m[i];
    if (mi === 0) {
      p += n - 1 - i;
      continue;
    }
    for (let j = i + 1; j < n; j++, p++) out[bins[p]] += mi * m[j];
  }
  for (let b = 1; b < BINS; b++) out[b] += out[b - 1];
  const total = out[BINS - 1];
  for (let b = 0; b < BINS; b++) out[b] /= total;
  return out;
}

function distance(a: Float64Array, b: Float64Array, width: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < BINS; i++) sum += Math.abs(a[i] - b[i]) * width[i];
  return sum;
}

function ones(text: BinnedText): Float64Array {
  return new Float64Array(text.plan.tokens.length).fill(1);
}

function resample(n: number, random: () => number): Float64Array {
  const m = new Float64Array(n);
  for (let i = 0; i < n; i++) m[Math.floor(random() * n)]++;
  return m;
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
