import type { TimeMap } from "../alignment/align.ts";
import { lowestBeta } from "../alignment/log-parabola.ts";
import type { MovingFamily } from "../laws/families.ts";
import { evaluate, type FitProblem, type Searched } from "./evaluate.ts";
import { fromNextLayer } from "./problem.ts";
import { untriedBetas } from "./search.ts";

/** β values tried around one that is known, as factors, wide enough for the bias of a noisy start; then closer around the lowest point. */
const ROUNDS = [
  [0.8, 1, 1.25],
  [0.94, 1, 1.06],
] as const;
/** What a profile rises by, as a share of its least, below which it is flat: closer values would find nothing lower. */
const FLAT = 0.02;
/** The neighbourhood moves on at most this often where its best value lies at its edge. */
const MOVES = 3;
/** Fewer layers than this leave too little behind a later start. */
const LEAST_LAYERS = 4;
/** β fitted anew from the next layer on, near the β that is known; `null` with fewer than four layers. */
export async function betaFromNextLayer(
  problem: FitProblem,
  family: MovingFamily,
  beta: number,
  map: TimeMap,
): Promise<{ readonly layer: number; readonly beta: number } | null> {
  if (problem.layers.length < LEAST_LAYERS) return null;
  return { layer: problem.layers[1], beta: await betaNear(fromNextLayer(problem), family, beta, map, ROUNDS) };
}

/**
 * The best β of a problem near one that is known, between the values tried.
 *
 * @param rounds - Factors of each round, ascending: the first around `beta`, the next around the best so far.
 */
export async function betaNear(
  problem: FitProblem,
  family: MovingFamily,
  beta: number,
  map: TimeMap,
  rounds: readonly (readonly number[])[],
): Promise<number> {
  let found: readonly Searched[] = [];
  const add = async (betas: readonly number[]): Promise<void> => {
    // Tried twice, a value would have no slope beside it.
    const tried = found.map(({ candidate }) => candidate.beta);
    const searched = await evaluate(problem, family, untriedBetas(betas, tried));
    found = [...found, ...searched].sort((a, b) => a.candidate.beta - b.candidate.beta);
  };
  const best = (): number =>
    lowestBeta(
      found.map(({ candidate }) => candidate.beta),
      found.map(({ alignments }) => alignments[map].w1),
    );
  const [[step]] = rounds;
  let center = beta;
  for (const factors of rounds) {
    await add(factors.map((f) => f * center));
    for (let move = 0; move < MOVES; move++) {
      const [lo, hi] = [found[0].candidate.beta, found[found.length - 1].candidate.beta];
      if (best() !== lo && best() !== hi) break;
      await add([best() === lo ? lo * step : hi / step]);
    }
    center = best();
    const w1 = found.map(({ alignments }) => alignments[map].w1);
    if (Math.max(...w1) <= (1 + FLAT) * Math.min(...w1)) break;
  }
  return center;
}
