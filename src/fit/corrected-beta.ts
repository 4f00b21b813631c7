import { randomNormal } from "d3-random";
import { randomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { mean } from "../../probes/numerics/mean.ts";
import { normalizeRows } from "../../sim/clouds/normalize-rows.ts";
import { type Alignment, align, costTable, type TimeMap } from "../alignment/align.ts";
import type { Candidate, Target } from "../alignment/candidate.ts";
import { lowestBeta } from "../alignment/log-parabola.ts";
import { sketch } from "../alignment/quantile-sketch.ts";
import type { MovingFamily } from "../laws/families.ts";
import type { FitText } from "../trajectories/fit-text.ts";
import { CHEAP_TOKENS } from "../trajectories/frames.ts";
import { visitSimulated } from "../trajectories/simulated-products.ts";
import { evaluate, type FitProblem } from "./evaluate.ts";
import { untriedBetas } from "./search.ts";

/** Draws of the noise, each with its mirror image, so that what is of first order cancels in their mean; fewer of large clouds, which vary less. */
const PAIRS = 4;
const PAIRS_OF_MANY = 2;
/** What noise does depends on β and times, and those on what it does: the second round changes β by far less than its error. */
const ROUNDS = 2;
/** β values tried at first, as factors of the one that is known. */
const AROUND = [0.8, 0.92, 1, 1.09, 1.25];
/** They move on where the lowest point lies at an end, up to so many in all. */
const MOST = 12;
const STEP = 1.12;
/** Less noise than this moves β by less than the search tells apart. */
const LEAST_NOISE = 0.005;
/** Far below what noise does to a sketch. */
const TOLERANCE = 1e-5;

/** β without the bias that noise gives it, and what is left open. */
export interface CorrectedBeta {
  readonly beta: number;
  /** ln(β of a draw of the noise / β), the noise of the first layer and of the others drawn anew; none where there is next to no noise. */
  readonly deviations: readonly number[];
  /** How many times what such noise leaves of a fit is left of this one, W1 by W1; `null` where there is next to no noise. */
  readonly left: number | null;
}

/** Candidates near a β, to be held against other targets than the observed ones; grows where it ends too early. */
interface Near {
  readonly problem: FitProblem;
  readonly family: MovingFamily;
  readonly map: TimeMap;
  candidates: readonly Candidate[];
}

/** Of one text, sketches `[layers, blocks]`. */
interface NoiseEffects {
  /** Predicted from the first layer as it is. */
  readonly predicted: Float64Array;
  /** Of each draw: what noise does after the flow less what it does before. */
  readonly draws: readonly Float64Array[];
}

/**
 * β corrected for noise that is fresh for each token in every layer. Simulations start from a layer that has such noise, and what
 * the flow does to it is not what is seen later, where every layer has noise of its own: near the start the noise of a token fades
 * as it joins its neighbours, and what is observed does not. So to the prediction from the first layer is added what as much
 * noise does to it after the flow, less what it does before: to second order in the noise, quantile by quantile,
 * Q(x₀) + Q(x₀ then noise) − Q(noise then flow). Near the best β this depends little on β and is taken off the observed layers instead.
 * At time 0 nothing is changed. It supposes that the family is the truth and the noise of one size in all layers.
 *
 * @param beta - The best one without a correction.
 * @param noise - Root mean square length of each token's noise; see `freshNoise`.
 * @param random - Uniform numbers in [0, 1).
 * @returns `beta` itself where there is next to no noise.
 */
export async function correctedBeta(
  problem: FitProblem,
  family: MovingFamily,
  beta: number,
  map: TimeMap,
  noise: number,
  random: () => number,
): Promise<CorrectedBeta> {
  if (noise < LEAST_NOISE) return { beta, deviations: [], left: null };
  const near: Near = { problem, family, map, candidates: [] };
  await add(
    near,
    AROUND.map((f) => f * beta),
  );
  const pairs = problem.texts.some(({ n }) => n > CHEAP_TOKENS) ? PAIRS_OF_MANY : PAIRS;
  const drawn = problem.texts.map((text) => drawnFor(text, pairs, noise, random));
  let corrected: Lowest = { beta, w1: Number.NaN };
  let targets = problem.targets;
  let effects: readonly NoiseEffects[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { times } = await alignedAt(near, targets, corrected.beta);
    effects = await effectsOf(near, corrected.beta, times, noise, drawn);
    targets = problem.targets.map(({ plan, sketches }, i) => ({
      plan,
      sketches: difference(sketches, meanOf(effects[i].draws)),
    }));
    corrected = await lowest(near, targets);
  }
  // Both from the same values of β, so that what so few leave open cancels.
  const without = await lowest(near, problem.targets);
  const { deviations, w1 } = await deviationsOf(near, effects);
  return { beta: (beta * corrected.beta) / without.beta, deviations, left: corrected.w1 / w1 };
}

/**
 * How far noise moves β, and the W1 that it leaves: what is predicted, seen with the effects of one draw after another and corrected by their
 * mean, is fitted in place of the layers (a parametric bootstrap).
 */
async function deviationsOf(
  near: Near,
  effects: readonly NoiseEffects[],
): Promise<{ readonly deviations: readonly number[]; readonly w1: number }> {
  const seen = (draw: number | null): Target[] =>
    effects.map(({ predicted, draws }, i) => {
      const { plan } = near.problem.targets[i];
      if (draw === null) return { plan, sketches: predicted };
      return { plan, sketches: difference(predicted, difference(meanOf(draws), draws[draw])) };
    });
  const still = await lowest(near, seen(null));
  const found: Lowest[] = [];
  for (const draw of effects[0].draws.keys()) found.push(await lowest(near, seen(draw)));
  return { deviations: found.map(({ beta }) => Math.log(beta / still.beta)), w1: mean(found.map(({ w1 }) => w1)) };
}

/** The best β, and the least W1 of those tried. */
interface Lowest {
  readonly beta: number;
  readonly w1: number;
}

/** The best β for other targets, between the values tried. */
async function lowest(near: Near, targets: readonly Target[]): Promise<Lowest> {
  for (;;) {
    const betas = near.candidates.map(({ beta }) => beta);
    const w1 = near.candidates.map((c) => alignedTo(near, c, targets).w1);
    const beta = lowestBeta(betas, w1);
    const [lo, hi] = [betas[0], betas[betas.length - 1]];
    if ((beta !== lo && beta !== hi) || betas.length >= MOST) return { beta, w1: Math.min(...w1) };
    await add(near, [beta === lo ? lo / STEP : hi * STEP]);
  }
}

/** The alignment of a β, which is simulated if it has not been. */
async function alignedAt(near: Near, targets: readonly Target[], beta: number): Promise<Alignment> {
  await add(near, [beta]);
  const betas = near.candidates.map((c) => Math.abs(Math.log(c.beta / beta)));
  return alignedTo(near, near.candidates[betas.indexOf(Math.min(...betas))], targets);
}

function alignedTo({ map, problem: { fractions } }: Near, candidate: Candidate, targets: readonly Target[]): Alignment {
  const against = candidate.against(targets);
  return align(against, map, fractions, costTable(against, map, fractions));
}

async function add(near: Near, betas: readonly number[]): Promise<void> {
  const tried = near.candidates.map(({ beta }) => beta);
  const searched = await evaluate(near.problem, near.family, untriedBetas(betas, tried));
  near.candidates = [...near.candidates, ...searched.map(({ candidate }) => candidate)].sort((a, b) => a.beta - b.beta);
}

async function effectsOf(
  { problem, family }: Near,
  beta: number,
  times: readonly number[],
  noise: number,
  drawn: readonly DrawnNoise[],
): Promise<NoiseEffects[]> {
  const effects: NoiseEffects[] = [];
  for (const [i, text] of problem.texts.entries()) {
    const { plan } = problem.targets[i];
    const { starts, seeds } = drawn[i];
    const blocks = plan.weights.length;
    const predicted = new Float64Array(times.length * blocks);
    const after = starts.map(() => new Float64Array(predicted.length));
    const look = (k: number, cloud: Cloud): void => {
      sketch(plan, cloud, predicted, k * blocks);
      seeds.forEach((layers, pair) => {
        withNoise(cloud, noise, layers[k]).forEach((noisy, sign) => {
          sketch(plan, noisy, after[2 * pair + sign], k * blocks);
        });
      });
    };
    await visitSimulated(text, family, beta, times, look, { tolerance: TOLERANCE, lift: true });
    const draws: Float64Array[] = [];
    for (const [r, start] of starts.entries()) {
      // A time that is not reached is one at which noise before the flow does nothing.
      const before = Float64Array.from(predicted);
      const keep = (k: number, cloud: Cloud): void => sketch(plan, cloud, before, k * blocks);
      await visitSimulated(start, family, beta, times, keep, { tolerance: TOLERANCE });
      draws.push(difference(after[r], before));
    }
    effects.push({ predicted, draws });
  }
  return effects;
}

/** The noise of a text: each draw and its mirror image, one behind the other. */
interface DrawnNoise {
  /** The text from a first layer that has it. */
  readonly starts: readonly FitText[];
  /** `[pair][layer]`: noise of the other layers is drawn again from its seed, so that no large cloud of it is kept and all rounds see the same. */
  readonly seeds: readonly (readonly number[])[];
}

function drawnFor(text: FitText, pairs: number, noise: number, random: () => number): DrawnNoise {
  const seeds = Array.from({ length: pairs }, () => text.clouds.map(() => Math.floor(random() * 2 ** 32)));
  const starts = seeds.flatMap(([first]) =>
    withNoise(text.clouds[0], noise, first).map((start) => ({ ...text, clouds: [start] })),
  );
  return { starts, seeds };
}

/** Each token moved along its tangent by a normal vector of root mean square length `size`, then brought back to the sphere; and by the opposite one. */
function withNoise({ n, d, x }: Cloud, size: number, seed: number): readonly [Cloud, Cloud] {
  const normal = randomNormal.source(randomSource(seed))();
  const drawn = Float64Array.from({ length: n * d }, normal);
  const moved = (length: number): Cloud => {
    const out = new Float64Array(n * d);
    for (let i = 0; i < n; i++) addTangent(x, drawn, length / Math.sqrt(d - 1), i * d, d, out);
    return { n, d, x: normalizeRows({ n, d, x: out }) };
  };
  return [moved(size), moved(-size)];
}

function addTangent(
  x: ArrayLike<number>,
  e: Float64Array,
  size: number,
  at: number,
  d: number,
  out: Float64Array,
): void {
  let along = 0;
  for (let k = 0; k < d; k++) along += e[at + k] * x[at + k];
  for (let k = 0; k < d; k++) out[at + k] = x[at + k] + size * (e[at + k] - along * x[at + k]);
}

function meanOf(values: readonly Float64Array[]): Float64Array {
  return values[0].map((_, i) => values.reduce((sum, v) => sum + v[i], 0) / values.length);
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((v, i) => v - b[i]);
}
