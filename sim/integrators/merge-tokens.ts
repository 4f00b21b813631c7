import type { Lanes } from "./lanes.ts";
import type { Run } from "./run.ts";

/** Two tokens closer than this are one: their inner product is 1 to the last bit, many times over. */
const SAME_POINT = 1e-12;

/** In tolerances: where stability limits the step, tokens that have met go on trembling by a few of them. */
const TREMBLE = 4;

/** Distance below which tokens count as one. With a fixed step nothing is known of errors, and published code merges nothing. */
export function mergeDistance({ control }: Run): number {
  return control.step === null ? Math.max(SAME_POINT, TREMBLE * (control.rtol + control.atol)) : SAME_POINT;
}

/**
 * Lets tokens that have met go on as one: from now on a token moves with its leader. What coincides stays so (theory.md
 * §8), and the fast contraction among merged tokens no longer limits the step, so that slow plateaus cost little. The
 * state changes by at most the merge distance, a few tolerances.
 */
export function mergeTokens(run: Run, lane: number): void {
  const { lanes, problem, control } = run;
  if (!problem.merges || control.step !== null) return;
  const leaders = lanes.leaders.subarray(lane * problem.n, (lane + 1) * problem.n);
  const reach = mergeDistance(run) ** 2;
  for (let i = 1; i < problem.n; i++) {
    if (leaders[i] !== i) continue;
    const leader = findNear(lanes.x, lane * lanes.size, leaders, i, problem.d, reach);
    if (leader < 0) continue;
    for (let m = i; m < problem.n; m++) if (leaders[m] === i) leaders[m] = leader;
    lanes.merged[lane]++;
  }
  followLeaders(lanes, lane, problem.n, problem.d, lanes.x);
  followLeaders(lanes, lane, problem.n, problem.d, lanes.slopes[0]);
}

/** Gives each merged token of a lane its leader's row of `state`. */
export function followLeaders(lanes: Lanes, lane: number, n: number, d: number, state: Float64Array): void {
  if (lanes.merged[lane] === 0) return;
  const at = lane * lanes.size;
  for (let i = 1; i < n; i++) {
    const leader = lanes.leaders[lane * n + i];
    if (leader !== i) state.copyWithin(at + i * d, at + leader * d, at + (leader + 1) * d);
  }
}

/** The first leader before i within √reach of it, or −1. Most pairs are told apart by their first coordinate. */
function findNear(x: Float64Array, at: number, leaders: Int32Array, i: number, d: number, reach: number): number {
  for (let j = 0; j < i; j++) {
    if (leaders[j] !== j) continue;
    let squared = 0;
    for (let k = 0; k < d && squared <= reach; k++) squared += (x[at + i * d + k] - x[at + j * d + k]) ** 2;
    if (squared <= reach) return j;
  }
  return -1;
}
