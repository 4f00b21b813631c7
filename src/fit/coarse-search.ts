import { TokensphereError } from "../../models/errors.ts";
import { mean } from "../../probes/numerics/mean.ts";
import { checkParams } from "../../sim/dynamics/check-params.ts";
import { findDynamics } from "../../sim/dynamics/dynamics-table.ts";
import type { TimeMap } from "../alignment/align.ts";
import { drivenBy, type MovingFamily } from "../laws/families.ts";
import { COARSE } from "../trajectories/frames.ts";
import { alignAll, evaluate, type FitProblem, type Searched, TIME_MAPS } from "./evaluate.ts";
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
/** A coarse candidate whose W1 is at most so many times that of the best might be the best. */
export const NEAR_BEST = 1.25;
/** Beyond the best, no larger β comes near where W1 has grown with each of the last so many, */
const RISING = 2;
/** to so many times the least, and the smallest β may not be the best: what was not seen may lie on either side. `bench/flanks.mjs`. */
const RISEN = 3;

/**
 * Points the way: follows each β coarsely, the smallest first, by those tokens alone whose pairs are measured, and no farther than it
 * promises. Attention over a random sample is attention over all, but for what a sample always lacks. The larger β, the stiffer: those
 * far beyond the best of every text, which would cost more than all others together, are left out of families of one valley.
 *
 * @param betas - Increasing.
 */
export async function coarseSearch(
  problem: FitProblem,
  family: MovingFamily,
  betas: readonly number[],
): Promise<Searched[]> {
  const sample = servesFewer(family, problem) ? sampled(problem) : problem;
  const found: Searched[] = [];
  const mayEnd = family.oneValley && !family.start;
  const isFarBeyond = flankWatch(sample);
  for (const beta of betas) {
    if (mayEnd && isFarBeyond(found)) break;
    const best = Math.max(...TIME_MAPS.map((map) => Math.min(...w1Of(found, map))));
    const hopeless = hopelessBeyond(HOPELESS * best * sample.texts.length);
    found.push(...(await evaluate(sample, family, [beta], COARSE, hopeless)));
  }
  return found;
}

function w1Of(found: readonly Searched[], map: TimeMap): number[] {
  return found.map(({ alignments }) => alignments[map].w1);
}

/** Tells whether the largest β that were tried lie on the far flank of all texts together, and of each alone: asked as they are added. */
function flankWatch({ texts, fractions }: FitProblem) {
  const alone = texts.map((): Searched[] => []);
  const isAlone = (i: number, found: readonly Searched[]): boolean => {
    const fresh = found.slice(alone[i].length).map(({ candidate }) => alignAll(candidate.ofTexts([i]), fractions));
    alone[i].push(...fresh);
    return isFlank(alone[i]);
  };
  return (found: readonly Searched[]): boolean =>
    isFlank(found) && (texts.length === 1 || texts.every((_, i) => isAlone(i, found)));
}

function isFlank(found: readonly Searched[]): boolean {
  const profiles = TIME_MAPS.map((map) => w1Of(found, map));
  const rises = (w1: readonly number[]): boolean => {
    const latest = w1.slice(-RISING - 1);
    return latest.length > RISING && latest.every((w, k) => k === 0 || w > latest[k - 1]);
  };
  const isHigh = (w1: readonly number[]): boolean => {
    const least = Math.min(...w1);
    return w1[0] > NEAR_BEST * least && w1[w1.length - 1] > RISEN * least;
  };
  return profiles.every(rises) && profiles.some(isHigh);
}

/** When a trajectory comes to nothing: too slow to arrive, or too far from the layers that it has passed. */
function hopelessBeyond(limit: number) {
  return ({ still, least, now }: LayerDistances, spent: number): boolean => {
    if (spent < FIRST) return false;
    const passed = least.map((w, k) => (now[k] > PASSED * w ? w : 0));
    return mean(passed) > limit || wayGone(least, still) < PACE * spent;
  };
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
