import { randomSource } from "../../models/random.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import { rowsOf } from "../../probes/products/rows-of.ts";
import { layerFractions } from "../alignment/align.ts";
import type { Target } from "../alignment/candidate.ts";
import { measuredProducts, planSketch, sketch } from "../alignment/quantile-sketch.ts";
import type { FitText } from "../trajectories/fit-text.ts";
import { COLLAPSED, detailScale, FINE, type FrameDetail } from "../trajectories/frames.ts";
import type { FitProblem } from "./evaluate.ts";
import type { ObservedTexts } from "./observe.ts";

/** Pairs of more tokens than this are not all measured while searching; the final numbers use all. */
const SEARCH_TOKENS = 128;
const SKETCH_BLOCKS = 1024;
/** Large clouds differ from any simulation by far more than frames twice as far apart, or farther where steps are long, cost. */
const LARGE: FrameDetail = { ...FINE, resolution: 2 * FINE.resolution, substeps: 6 };

/** Sketches of the pairs of at most 128 tokens of each text, chosen by the seed: what points the way, and what resamples are drawn from. */
export function fitProblem({ texts, layers }: ObservedTexts, seed: number, signal?: AbortSignal): FitProblem {
  const random = randomSource(seed);
  const targets = texts.map((text) => target(text, chooseTokens(text.n, random)));
  return problemOf(texts, layers, targets, signal);
}

/** The same problem with the pairs of all tokens, which decide: itself where nothing was left out of it. */
export function withAllPairs(problem: FitProblem): FitProblem {
  const { texts } = problem;
  if (allMeasured(texts)) return problem;
  const all = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);
  return { ...problem, targets: texts.map((text) => target(text, all(text.n))), fine: LARGE };
}

/** The same problem in another way, made once: simulations keep what they know of a text. */
function onceOf(make: (problem: FitProblem) => FitProblem): (problem: FitProblem) => FitProblem {
  const made = new WeakMap<FitProblem, FitProblem>();
  return (problem) => {
    const known = made.get(problem) ?? make(problem);
    made.set(problem, known);
    return known;
  };
}

/** The tokens whose pairs are measured as texts of their own; the problem itself where these are all. */
export const sampled = onceOf((problem) => {
  const { texts, layers, targets, signal } = problem;
  if (allMeasured(texts)) return problem;
  const fewer = texts.map((text, i) => ofTokens(text, targets[i].plan.tokens));
  const all = targets.map(({ plan, sketches }) => ({
    plan: { ...plan, tokens: plan.tokens.map((_, i) => i) },
    sketches,
  }));
  return problemOf(fewer, layers, all, signal);
});

function allMeasured(texts: readonly FitText[]): boolean {
  return texts.every(({ n }) => n <= SEARCH_TOKENS);
}

function ofTokens(text: FitText, tokens: Int32Array): FitText {
  if (tokens.length === text.n) return text;
  const n = tokens.length;
  const clouds = text.clouds.map((cloud) => ({ n, d: text.d, x: rowsOf(cloud, tokens) }));
  return { n, d: text.d, clouds };
}

/** The same texts and tokens from the next layer on. */
export const fromNextLayer = onceOf(({ texts, layers, targets, signal }) => {
  const later = texts.map((text) => ({ ...text, clouds: text.clouds.slice(1) }));
  const rest = targets.map(({ plan, sketches }) => ({ plan, sketches: sketches.subarray(plan.weights.length) }));
  return problemOf(later, layers.slice(1), rest, signal);
});

/** Some of the texts, by number. */
export function withTexts(problem: FitProblem, numbers: readonly number[]): FitProblem {
  const { texts, layers, targets, signal } = problem;
  return problemOf(
    numbers.map((i) => texts[i]),
    layers,
    numbers.map((i) => targets[i]),
    signal,
  );
}

function problemOf(
  texts: readonly FitText[],
  layers: readonly number[],
  targets: readonly Target[],
  signal?: AbortSignal,
): FitProblem {
  const largest = Math.max(...texts.flatMap((t) => t.clouds.map(meanCosine)));
  const change = productChange(texts, targets);
  return {
    texts,
    targets,
    layers,
    fine: FINE,
    fractions: layerFractions(layers),
    untilMeanCosine: Math.min(COLLAPSED, largest + 0.15 * detailScale(change)),
    change,
    ...(signal ? { signal } : {}),
  };
}

/** Root mean square change of inner products from the first layer, the largest of any layer. */
function productChange(texts: readonly FitText[], targets: readonly Target[]): number {
  const squares = texts.map(({ clouds }, i) => {
    const [first, ...later] = clouds.map((cloud) => measuredProducts(targets[i].plan, cloud));
    return later.map((values) => values.reduce((sum, g, p) => sum + (g - first[p]) ** 2, 0) / first.length);
  });
  const byLayer = squares[0].map((_, k) => squares.reduce((sum, text) => sum + text[k], 0) / squares.length);
  return Math.sqrt(Math.max(...byLayer));
}

function target(text: FitText, tokens: Int32Array): Target {
  return sketchesOf(text, planSketch(tokens, SKETCH_BLOCKS));
}

function sketchesOf(text: FitText, plan: Target["plan"]): Target {
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
