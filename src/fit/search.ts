import { indexOfLeast, type TimeMap } from "../alignment/align.ts";
import { searchGap } from "../alignment/bootstrap.ts";
import { fixedBeta, type MovingFamily } from "../laws/families.ts";
import { coarseSearch, NEAR_BEST } from "./coarse-search.ts";
import { evaluate, type FitProblem, type Searched, TIME_MAPS } from "./evaluate.ts";
import type { ProfilePoint } from "./fit-result.ts";

/** Range of β searched, and how. */
export interface SearchOptions {
  readonly betaMin: number;
  readonly betaMax: number;
  /** β values per octave on the first grid. */
  readonly perOctave: number;
  /** Times that the neighbourhood of the best β is searched again, each time three times finer. */
  readonly refinements: number;
  readonly progress?: (fraction: number) => void;
}

/** In units of the best W1. */
const FAR = 2;
/** New β values put between the best and each of its neighbours. */
const NEW_BETAS = 2;
/** β values whose ratio is closer to 1 than this are the same value. */
const TWIN = 1e-9;

/** First time at which a cloud is seen to have moved. */
const SLOW_START = 30;
/** Slow starts are looked at up to this factor beyond the best β, and again where that moves it. */
const OCTAVE = 2.1;
/** Between values of β on a rugged profile. */
const CLOSE = 1.04;
/** Neighbours of the best value closer than this factor are near enough: what is left of an error is far below any interval. */
const NEAR = 1.1;

/**
 * Searches β on a logarithmic grid and then ever closer around the best value of each time map. Every simulation that was made
 * is returned, sorted by β: together they are the profile. Coarse simulations only point the way: a stiff one may be wrong
 * enough to look right, so what is best in the end was simulated finely. A family whose β is fixed is simulated once.
 *
 * @param sample - What points the way; the problem itself where no pair is left out of it.
 */
export async function searchBeta(
  problem: FitProblem,
  family: MovingFamily,
  options: SearchOptions,
  sample: FitProblem = problem,
): Promise<Searched[]> {
  const fixed = fixedBeta(family);
  if (fixed !== null) return evaluate(problem, family, [fixed]);
  const rounds = options.refinements + 1;
  let found = await coarseSearch(sample, family, logGrid(options));
  const fine = new Set<number>();
  const refine = async (betas: readonly number[]): Promise<void> => {
    const fresh = await evaluate(problem, family, betas);
    for (const beta of betas) fine.add(beta);
    const kept = found.filter((s) => !betas.some((beta) => areTwins(beta, s.candidate.beta)));
    found = [...kept, ...fresh].sort((a, b) => a.candidate.beta - b.candidate.beta);
  };
  const coarse = (betas: readonly number[]): number[] => betas.filter((beta) => !fine.has(beta));
  const slow = (): number[] =>
    coarse(betasOf(found.filter(startsSlowly))).filter((beta) => beta < OCTAVE * Math.max(...bestBetas(found)));
  while (slow().length > 0) await refine(slow());
  const rugged = TIME_MAPS.map((map) => bestIndex(found, map)).filter((i) => startsSlowly(found[i]));
  if (rugged.length > 0) await refine(distinctBetas(rugged.flatMap((i) => betasThrough(found, i))));
  options.progress?.(1 / rounds);
  for (let round = 1; round < rounds; round++) {
    const around = TIME_MAPS.flatMap((map) => betasAround(found, bestIndex(found, map)));
    await refine(distinctBetas([...around, ...coarse(bestBetas(found))]));
    options.progress?.((round + 1) / rounds);
  }
  while (coarse(contendingBetas(found)).length > 0) await refine(coarse(contendingBetas(found)));
  return found;
}

/**
 * Where nothing is seen to move for so long, steps are long too, and errors that are harmless elsewhere jolt tokens out of order
 * before they meet. The order in which they meet goes by β, too: the profile is rugged there and wants a close look first.
 */
function startsSlowly({ candidate: { grid } }: Searched): boolean {
  return grid[1] > SLOW_START;
}

/**
 * Searches around the best by another measure, such as one text's own distance, where the search was made for all and is coarse
 * there: at most so many rounds, each three times finer.
 */
export async function searchAround(
  problem: FitProblem,
  family: MovingFamily,
  found: readonly Searched[],
  score: (s: Searched) => number,
  rounds: number,
): Promise<readonly Searched[]> {
  let all = found;
  for (let round = 0; round < rounds && fixedBeta(family) === null; round++) {
    const best = indexOfLeast(all.map(score));
    const gaps = [best - 1, best + 1].map((i) => ratio(all, best, i));
    if (Math.max(...gaps) < NEAR) break;
    const fresh = await evaluate(problem, family, betasAround(all, best));
    all = [...all, ...fresh].sort((a, b) => a.candidate.beta - b.candidate.beta);
  }
  return all;
}

/** Factor between two β values that were tried; 1 beyond the ends. */
function ratio(found: readonly Searched[], i: number, j: number): number {
  const other = found[j];
  return other ? Math.exp(Math.abs(Math.log(other.candidate.beta / found[i].candidate.beta))) : 1;
}

/** ln of the factor between values of β that a search tells apart: its spacing, and more where the profile is rugged. */
export function gapAround(found: readonly Searched[], map: TimeMap): number {
  const w1 = found.map((s) => s.alignments[map].w1);
  const gap = searchGap(betasOf(found), w1);
  return startsSlowly(found[indexOfLeast(w1)]) ? Math.max(gap, Math.log(CLOSE)) : gap;
}

/** β from the lower to the upper neighbour of one that was tried, closely spaced. */
function betasThrough(found: readonly Searched[], i: number): number[] {
  const betas = betasOf(found);
  const [lo, hi] = [betas[Math.max(0, i - 1)], betas[Math.min(betas.length - 1, i + 1)]];
  const steps = Math.ceil(Math.log(hi / lo) / Math.log(CLOSE));
  return Array.from({ length: Math.max(0, steps - 1) }, (_, s) => lo * (hi / lo) ** ((s + 1) / steps));
}

function betasOf(found: readonly Searched[]): number[] {
  return found.map(({ candidate }) => candidate.beta);
}

function bestBetas(found: readonly Searched[]): number[] {
  return TIME_MAPS.map((map) => found[bestIndex(found, map)].candidate.beta);
}

/** Those that come near the best of a time map, and its neighbours. */
function contendingBetas(found: readonly Searched[]): number[] {
  const contend = TIME_MAPS.flatMap((map) => {
    const best = bestIndex(found, map);
    const { w1 } = found[best].alignments[map];
    return found.filter((s, i) => Math.abs(i - best) <= 1 || s.alignments[map].w1 <= NEAR_BEST * w1);
  });
  return distinctBetas(contend.map(({ candidate }) => candidate.beta));
}

/** Position of the candidate with the smallest mean W1. */
export function bestIndex(found: readonly Searched[], map: TimeMap): number {
  return indexOfLeast(found.map((s) => s.alignments[map].w1));
}

/**
 * The smallest mean W1 at each β that was tried, without those that were given up far from the best: how near they might have come in
 * the end nobody knows.
 */
export function profile(found: readonly Searched[], map: TimeMap): ProfilePoint[] {
  const { w1: least } = found[bestIndex(found, map)].alignments[map];
  const known = found.filter((s) => !(s.candidate.cut && s.alignments[map].w1 > FAR * least));
  return known.map((s) => ({ beta: s.candidate.beta, w1: s.alignments[map].w1 }));
}

/** The first values of β, ascending, both ends among them. */
export function logGrid({
  betaMin,
  betaMax,
  perOctave,
}: Pick<SearchOptions, "betaMin" | "betaMax" | "perOctave">): number[] {
  const steps = Math.max(1, Math.ceil(Math.log2(betaMax / betaMin) * perOctave));
  return Array.from({ length: steps + 1 }, (_, i) => betaMin * (betaMax / betaMin) ** (i / steps));
}

/** Two maps with neighbouring best values ask for the same β, rounded otherwise: a twin would end the refinement there. */
export function distinctBetas(betas: readonly number[]): number[] {
  const sorted = [...betas].sort((a, b) => a - b);
  return sorted.filter((beta, i) => i === 0 || !areTwins(sorted[i - 1], beta));
}

/** Those of `betas` that are not the same as one that was tried. */
export function untriedBetas(betas: readonly number[], tried: readonly number[]): number[] {
  return betas.filter((beta) => distinctBetas([...tried, beta]).length > tried.length);
}

function areTwins(a: number, b: number): boolean {
  return Math.abs(a - b) <= TWIN * b;
}

function betasAround(found: readonly Searched[], best: number): number[] {
  const at = (i: number): number => found[Math.min(Math.max(i, 0), found.length - 1)].candidate.beta;
  return [at(best - 1), at(best + 1)].flatMap((end) => {
    const ratio = end / at(best);
    if (ratio === 1) return [];
    return Array.from({ length: NEW_BETAS }, (_, i) => at(best) * ratio ** ((i + 1) / (NEW_BETAS + 1)));
  });
}
