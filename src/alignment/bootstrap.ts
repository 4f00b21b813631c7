import { between } from "../../probes/numerics/quantiles.ts";
import { indexOfLeast, type TimeMap } from "./align.ts";
import { type BinnedCosts, type BinnedText, binnedCosts, realign } from "./binned-costs.ts";
import type { Contender } from "./contenders.ts";
import { lowestBeta } from "./log-parabola.ts";

/**
 * How far β spreads under resampling, without simulating again for every resample: each weighs the same tokens of the observed and
 * of the simulated clouds, or, with enough texts, whole texts. In every resample time is aligned anew near its best value. What is
 * not resampled is the trajectory: a token left out still attracted the others.
 */
export interface BetaDraws {
  /** ln(β of a resample / β of all), all measured in the same way: their spread is that of ln β. */
  readonly deviations: readonly number[];
}

/** Central intervals of β that hold 50, 80 and 95 % of the resamples. */
export type BetaIntervals = Readonly<Record<"50" | "80" | "95", readonly [number, number]>>;

/** Costs of one text under `replicates` resamples of its tokens. `random`: uniform numbers in [0, 1). */
export function tokenResamples(text: BinnedText, replicates: number, random: () => number): readonly BinnedCosts[] {
  const n = text.plan.tokens.length;
  return binnedCosts(
    text,
    Array.from({ length: replicates }, () => resample(n, random)),
  );
}

/** Draws of β for texts whose tokens were resampled; `resamples[text][replicate]`, equally many of each. */
export function drawsOfTokens(
  texts: readonly BinnedText[],
  resamples: readonly (readonly BinnedCosts[])[],
  contenders: readonly Contender[],
  map: TimeMap,
): BetaDraws {
  const whole = bestBeta(texts.map(wholeCosts), contenders, map);
  const perDraw = resamples[0].map((_, r) => resamples.map((text) => text[r]));
  // The search may have measured a sample of the tokens: all of them spread less, as the root of their number.
  const measured = texts.reduce((sum, { plan }) => sum + plan.tokens.length, 0);
  const all = texts.reduce((sum, { tokens }) => sum + tokens, 0);
  const scale = Math.sqrt(measured / all);
  return { deviations: perDraw.map((costs) => scale * Math.log(bestBeta(costs, contenders, map) / whole)) };
}

/** Draws of β for resampled texts. */
export function drawsOfTexts(
  texts: readonly BinnedText[],
  contenders: readonly Contender[],
  map: TimeMap,
  replicates: number,
  random: () => number,
): BetaDraws {
  const costs = texts.map(wholeCosts);
  const whole = bestBeta(costs, contenders, map);
  const deviations = Array.from({ length: replicates }, () => {
    const drawn = costs.map(() => costs[Math.floor(random() * costs.length)]);
    return Math.log(bestBeta(drawn, contenders, map) / whole);
  });
  return { deviations };
}

/** Levels in per cent, each with its two-sided quantile of the normal law and of Student's of two and of four degrees of freedom. */
const LEVELS = {
  "50": { normal: 0.6745, 2: 0.8165, 4: 0.7407 },
  "80": { normal: 1.2816, 2: 1.8856, 4: 1.5332 },
  "95": { normal: 1.96, 2: 4.3027, 4: 2.7764 },
} as const;

/** Standard errors of ln β beside what resamples show. */
export interface OpenErrors {
  /** What the accuracy of the search leaves open; added in quadrature. */
  readonly search: number;
  /** What noise does, through the layer that trajectories start from and through the others, known from so few draws that its law is Student's. */
  readonly noise: number;
  readonly degreesOfFreedom: 2 | 4;
  /** Whether noise is all that the fit misses. Else resamples, which see the noise too, may see more: the wider of the two is taken. */
  readonly isAll: boolean;
}

/** Intervals of β around its estimate. */
export function betaIntervals(
  beta: number,
  { deviations }: BetaDraws,
  open: OpenErrors,
  [least, most]: readonly [number, number],
): BetaIntervals {
  const sorted = Float64Array.from(deviations).sort();
  const interval = (percent: keyof typeof LEVELS): readonly [number, number] => {
    const level = Number(percent) / 100;
    const quantile = LEVELS[percent];
    const noise = quantile[open.degreesOfFreedom] * open.noise;
    const [lo, hi] = [0.5 - level / 2, 0.5 + level / 2].map((q) => between(sorted, q * (sorted.length - 1)));
    const end = (resampled: number) =>
      Math.hypot(open.isAll ? noise : Math.max(Math.abs(resampled), noise), quantile.normal * open.search);
    return [
      Math.min(beta, Math.max(least, beta * Math.exp(-end(Math.min(0, lo))))),
      Math.max(beta, Math.min(most, beta * Math.exp(end(Math.max(0, hi))))),
    ];
  };
  return { "50": interval("50"), "80": interval("80"), "95": interval("95") };
}

/** Standard deviation of ln β, the spacing of the search within. */
export function standardError({ deviations }: BetaDraws, gap: number): number {
  const mean = deviations.reduce((a, b) => a + b, 0) / deviations.length;
  const variance = deviations.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, deviations.length - 1);
  return Math.sqrt(variance + gap ** 2 / 12);
}

/** ln of the larger factor between the best value that was tried and its neighbours. */
export function searchGap(betas: readonly number[], values: readonly number[]): number {
  const best = indexOfLeast(values);
  const gaps = [betas[best - 1], betas[best + 1]].flatMap((b) =>
    b === undefined ? [] : [Math.abs(Math.log(b / betas[best]))],
  );
  return Math.max(0, ...gaps);
}

function bestBeta(perText: readonly BinnedCosts[], contenders: readonly Contender[], map: TimeMap): number {
  return lowestBeta(
    contenders.map(({ beta }) => beta),
    realign(perText, map).map(({ total }) => total),
  );
}

function wholeCosts(text: BinnedText): BinnedCosts {
  return binnedCosts(text, [new Float64Array(text.plan.tokens.length).fill(1)])[0];
}

/** How often each token is drawn. A draw of one token only has no pairs and is drawn again. */
function resample(n: number, random: () => number): Float64Array {
  const m = new Float64Array(n);
  for (let i = 0; i < n; i++) m[Math.floor(random() * n)]++;
  return m.includes(n) ? resample(n, random) : m;
}
