import { TokensphereError } from "../../models/errors.ts";
import { mean } from "../../probes/numerics/mean.ts";
import { checkParams } from "../../sim/dynamics/check-params.ts";
import { findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import { indexOfLeast } from "../alignment/align.ts";
import { drivenBy, type MovingFamily } from "../laws/families.ts";
import { COARSE } from "../trajectories/frames.ts";
import { evaluate, type FitProblem, type Searched, TIME_MAPS } from "./evaluate.ts";
import type { LayerDistances } from "./layer-watch.ts";
import { sampled } from "./problem.ts";

/** Share of the steps that every candidate may take. At large β all of them would be taken to hardly move at all. */
const FIRST = 1 / 8;
/** A candidate that has gone less of the way than this part of its share of the steps does not arrive. */
const PACE = 1 / 2;
/** Once it is so many times farther from a layer than it was, a candidate has passed it. */
const PASSED = 1.5;
/** A candidate that costs so many times more than the best, by the layers that it has passed alone, comes to nothing. */
const HOPELESS = 2;

/**
 * Points the way: follows each β coarsely, by those tokens alone whose pairs are measured, and no farther than it promises. Attention
 * over a random sample is attention over all, but for what a sample always lacks.
 */
export async function coarseSearch(
  problem: FitProblem,
  family: MovingFamily,
  betas: readonly number[],
): Promise<Searched[]> {
  const sample = servesFewer(family, problem) ? sampled(problem) : problem;
  const first = await evaluate(sample, family, betas, { ...COARSE, maxSteps: FIRST * COARSE.maxSteps });
  const best = Math.max(...TIME_MAPS.map((map) => Math.min(...first.map((s) => s.alignments[map].w1))));
  const open = first.filter((s) => s.candidate.cut && keepsPace(s, FIRST)).map(({ candidate }) => candidate.beta);
  const farther = await evaluate(sample, family, open, COARSE, hopelessBeyond(HOPELESS * best * sample.texts.length));
  return first.map((s) => farther.find(({ candidate }) => candidate.beta === s.candidate.beta) ?? s);
}

/** When a trajectory comes to nothing: too slow to arrive, or too far from the layers that it has passed. */
function hopelessBeyond(limit: number) {
  return ({ still, least, now }: LayerDistances, spent: number): boolean => {
    const passed = least.map((w, k) => (now[k] > PASSED * w ? w : 0));
    return mean(passed) > limit || (spent >= FIRST && wayGone(least, still) < PACE * spent);
  };
}

/** Whether what was followed for a share of its steps is worth the others. */
function keepsPace({ tables: { monotone }, candidate: { grid } }: Searched, spent: number): boolean {
  const g = grid.length;
  const layers = Array.from({ length: monotone.length / g - 1 }, (_, k) => monotone.subarray((k + 1) * g, (k + 2) * g));
  const least = layers.map((costs) => costs[indexOfLeast(costs)]);
  const still = layers.map(([first]) => first);
  return wayGone(least, still) >= PACE * spent;
}

/** How much of its distance from the layers a trajectory has left behind: 0 where it began, 1 where it met them all. */
function wayGone(least: ArrayLike<number>, still: ArrayLike<number>): number {
  return 1 - mean(least) / mean(still);
}

/** Whether a family moves fewer tokens as it does all of them: not where it has a parameter for each. */
function servesFewer(family: MovingFamily, { texts }: FitProblem): boolean {
  try {
    checkParams(
      findDynamics(family.dynamics),
      drivenBy(family).params,
      Math.min(...texts.map(({ n }) => n)) - 1,
      texts[0].d,
    );
    return true;
  } catch (error) {
    if (error instanceof TokensphereError) return false;
    throw error;
  }
}
