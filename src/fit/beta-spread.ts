import type { TimeMap } from "../alignment/align.ts";
import type { BinnedCosts, BinnedText } from "../alignment/binned-costs.ts";
import {
  type BetaDraws,
  type BetaIntervals,
  betaIntervals,
  drawsOfTexts,
  drawsOfTokens,
  type OpenErrors,
  searchGap,
  standardError,
  tokenResamples,
} from "../alignment/bootstrap.ts";
import { type Contender, contendersOf } from "../alignment/contenders.ts";
import type { MovingFamily } from "../laws/families.ts";
import { CHEAP_TOKENS } from "../trajectories/frames.ts";
import { binText } from "./bin-text.ts";
import type { CorrectedBeta } from "./corrected-beta.ts";
import type { FitProblem } from "./evaluate.ts";
import type { TextBeta, TextsAgree } from "./fit-result.ts";
import { skillOf } from "./skill.ts";
import { type TextSearch, textsAgree } from "./text-betas.ts";

/** From this many texts on, texts are resampled instead of tokens. */
const TEXTS_TO_RESAMPLE = 5;
/** Fewer tokens than this say nothing of how far they spread. */
export const TOKENS_TO_RESAMPLE = 5;
/** Texts beside others are resampled this often: their spread is wanted, not its tails. */
const TEXT_REPLICATES = 50;
/**
 * Standard error of ln β that the search leaves, as a share of its spacing: of a value of a grid; and of the lowest point of a parabola
 * through it, measured on 34 clouds of 32 tokens without noise beyond what resampling shows of them (half lie within .10, four of five within
 * .22 of the spacing, most of it from frames a hundredth apart).
 */
const OF_GRID = 1 / Math.sqrt(12);
const OF_PARABOLA = 1 / 8;
/** Noise is all that a fit misses where that is at most so many times what such noise leaves of one: so it is of 96 in 100 clouds of `bench/recovery` that have noise. */
const LEFT_BY_NOISE = 1.5;
/** Two-sided 95 % of a normal law. */
const TWO_SIDED = 1.96;

/** How β spreads over tokens and texts. */
export interface BetaSpread {
  readonly intervals: BetaIntervals | null;
  readonly texts: readonly TextBeta[];
  readonly agree: TextsAgree | null;
}

/** What was fitted, and what a resample chooses among. */
export interface Resampled {
  readonly problem: FitProblem;
  readonly family: MovingFamily;
  readonly map: TimeMap;
  readonly beta: number;
  /** Without the bias of noise: what intervals are around. */
  readonly corrected: CorrectedBeta;
  /** ln of the factor between values of β that the search told apart. */
  readonly gap: number;
  readonly range: readonly [number, number];
  readonly contenders: readonly Contender[];
  readonly binned: readonly BinnedText[];
  /** Each text by itself. */
  readonly searches: readonly TextSearch[];
}

/**
 * Resamples texts (five or more) or else tokens for the intervals of β, and tokens for the spread of each text by itself. Fewer
 * than five tokens give no interval. Intervals are around the β that is corrected for noise. Resampling keeps every trajectory: what noise
 * does through the layer that they start from it does not show. So where noise is all that the fit misses, its own spread is taken, else the
 * wider of the two; what the search leaves open is added in quadrature.
 */
export async function betaSpread(of: Resampled, replicates: number, random: () => number): Promise<BetaSpread> {
  const { problem, searches, beta, range } = of;
  const many = problem.texts.length >= TEXTS_TO_RESAMPLE;
  const enough = replicates > 0 && problem.texts.every(({ n }) => n >= TOKENS_TO_RESAMPLE);
  const perText = many ? Math.min(TEXT_REPLICATES, replicates) : replicates;
  const resamples = enough ? of.binned.map((text) => tokenResamples(text, perText, random)) : null;
  const draws = drawsOf(of, resamples, many, replicates, random);
  const intervals = draws && betaIntervals(of.corrected.beta, draws, openErrors(of, many), range);
  if (problem.texts.length === 1) {
    const row = textRow(of, 0, null);
    return { intervals, texts: [{ ...row, beta, beta_interval: intervals?.["95"] ?? null }], agree: null };
  }
  if (resamples === null) return { intervals, texts: searches.map((_, i) => textRow(of, i, null)), agree: null };
  const errors: number[] = [];
  for (const i of searches.keys()) errors.push(await textError(of, i, resamples[i], random));
  return {
    intervals,
    texts: searches.map((_, i) => textRow(of, i, errors[i])),
    agree: textsAgree(
      searches.map(({ tried, best }) => Math.log(tried[best].beta)),
      errors,
    ),
  };
}

/** What the search and the noise leave open. */
function openErrors({ problem, gap, corrected: { deviations, left } }: Resampled, many: boolean): OpenErrors {
  const share = problem.texts.some(({ n }) => n > CHEAP_TOKENS) ? OF_GRID : OF_PARABOLA;
  const square = deviations.reduce((sum, v) => sum + v ** 2, 0) / Math.max(1, deviations.length);
  // A draw and its mirror image say the same of what is of first order.
  const degreesOfFreedom = deviations.length >= 2 * 4 ? 4 : 2;
  // β of one text may not be that of another, whatever noise there is.
  const isAll = !many && left !== null && left <= LEFT_BY_NOISE;
  return { search: share * gap, noise: Math.sqrt(square), degreesOfFreedom, isAll };
}

function drawsOf(
  { binned, contenders, map }: Resampled,
  resamples: readonly (readonly BinnedCosts[])[] | null,
  many: boolean,
  replicates: number,
  random: () => number,
): BetaDraws | null {
  if (many && replicates > 0) return drawsOfTexts(binned, contenders, map, replicates, random);
  return resamples && drawsOfTokens(binned, resamples, contenders, map);
}

/** Standard error of ln β of one text: among the contenders of all where its best is one of them, else among its own. */
async function textError(
  of: Resampled,
  i: number,
  resamples: readonly BinnedCosts[],
  random: () => number,
): Promise<number> {
  const { problem, family, map, contenders, binned } = of;
  const { tried, best } = of.searches[i];
  const { beta } = tried[best];
  const gap = searchGap(
    tried.map((t) => t.beta),
    tried.map((t) => t.w1),
  );
  if (beta > contenders[1].beta && beta < contenders[contenders.length - 2].beta)
    return standardError(drawsOfTokens([binned[i]], [resamples], contenders, map), gap);
  const own = contendersOf(tried);
  const text = await binText(problem.texts[i], problem.targets[i].plan, family, own);
  const again = tokenResamples(text, Math.min(TEXT_REPLICATES, resamples.length), random);
  const error = standardError(drawsOfTokens([text], [again], own, map), gap);
  // At the end of the range nothing can spread beyond it: the values that fit as well say how far it may be from there.
  const atEnd = best === 0 || best === tried.length - 1;
  return atEnd ? Math.max(error, Math.log(own[own.length - 1].beta / own[0].beta) / 2) : error;
}

function textRow({ problem, searches }: Resampled, text: number, error: number | null): TextBeta {
  const { tried, best, baseline } = searches[text];
  const { beta, w1 } = tried[best];
  const factor = error === null ? null : Math.exp(TWO_SIDED * error);
  return {
    text,
    n: problem.texts[text].n,
    beta,
    beta_interval: factor === null ? null : [beta / factor, beta * factor],
    w1,
    skill: skillOf(w1, baseline),
  };
}
