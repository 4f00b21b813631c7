import type { Target } from "../alignment/candidate.ts";
import { fixedBeta, type MovingFamily } from "../laws/families.ts";
import { FINE, type FrameDetail } from "../trajectories/frames.ts";
import { evaluate, type FitProblem, type Searched, TIME_MAPS } from "./evaluate.ts";
import { bestIndex, distinctBetas } from "./search.ts";

/** β values tried around the best of the sample, as factors. */
const AROUND = [0.86, 0.93, 1, 1.08, 1.16];
/** The neighbourhood moves on at most this often where its best value lies at its edge. */
const MOVES = 3;
/** Large clouds differ from any simulation by far more than frames twice as far apart cost. */
const DETAIL: FrameDetail = { ...FINE, resolution: 2 * FINE.resolution };

/**
 * Decides β and times on the pairs of all tokens, where the search measured a sample of them: the neighbourhood of the best value
 * of each time map is simulated once more. With nothing left out of the sample the search itself is the answer.
 */
export async function decideOnAllPairs(
  problem: FitProblem,
  everything: readonly Target[],
  family: MovingFamily,
  found: readonly Searched[],
): Promise<readonly Searched[]> {
  if (everything === problem.targets) return found;
  const whole: FitProblem = { ...problem, targets: everything };
  const fixed = fixedBeta(family);
  if (fixed !== null) return evaluate(whole, family, [fixed], DETAIL);
  let decided: Searched[] = [];
  const tried = (): number[] => decided.map((s) => s.candidate.beta);
  const add = async (betas: readonly number[]): Promise<void> => {
    const fresh = distinctBetas([...betas, ...tried()]).filter((beta) => !tried().includes(beta));
    decided = [...decided, ...(await evaluate(whole, family, fresh, DETAIL))];
    decided.sort((a, b) => a.candidate.beta - b.candidate.beta);
  };
  const around = (list: readonly Searched[], factors: readonly number[]): number[] =>
    TIME_MAPS.flatMap((map) => factors.map((f) => f * list[bestIndex(list, map)].candidate.beta));
  await add(around(found, AROUND));
  for (let move = 0; move < MOVES && edgesHit(decided).length > 0; move++) {
    await add(
      edgesHit(decided).flatMap((end) => (end === tried()[0] ? [0.93 * end, 0.86 * end] : [1.08 * end, 1.16 * end])),
    );
  }
  await add(around(decided, [0.965, 1.04]));
  return decided;
}

/** Ends of the neighbourhood at which the best value of a time map lies. */
function edgesHit(decided: readonly Searched[]): number[] {
  const ends = [0, decided.length - 1];
  const best = TIME_MAPS.map((map) => bestIndex(decided, map));
  return ends.filter((i) => best.includes(i)).map((i) => decided[i].candidate.beta);
}
