import { align } from "./align.ts";
import type { TimeMap } from "./fit-result.ts";
import type { FitProblem, Searched } from "./search.ts";

/** Candidates tried again for each left-out layer: leaving one layer out moves β little. */
const SHORT_LIST = 8;

/**
 * Mean W1 on inner layers left out in turn: β and time are fitted to the others, the layer's own time is interpolated between
 * its neighbours'. `null` with fewer than one inner layer. The first and last layers are always fitted: nothing encloses them.
 */
export function heldOutDistance(problem: FitProblem, found: readonly Searched[], map: TimeMap): number | null {
  const inner = innerLayers(problem);
  if (inner.length === 0) return null;
  const list = [...found].sort((a, b) => a.alignments[map].w1 - b.alignments[map].w1).slice(0, SHORT_LIST);
  const distances = inner.map((k) => {
    const trials = list.map((s) => align(s.candidate, map, problem.fractions, s.tables[map], k));
    return trials.reduce((a, b) => (b.w1 < a.w1 ? b : a)).costs[k];
  });
  return distances.reduce((a, b) => a + b, 0) / inner.length;
}

/** The same for the baseline that nothing moves. */
export function frozenHeldOut(problem: Pick<FitProblem, "fractions">, frozenCosts: readonly number[]): number | null {
  const inner = innerLayers(problem);
  return inner.length === 0 ? null : inner.reduce((sum, k) => sum + frozenCosts[k], 0) / inner.length;
}

function innerLayers(problem: Pick<FitProblem, "fractions">): number[] {
  return problem.fractions.map((_, k) => k).slice(1, -1);
}
