import type { Lanes } from "./lanes.ts";
import { type Run, tallyOf } from "./run.ts";

/** Two tokens closer than this are one: their inner product is 1 to the last bit, many times over. */
const SAME_POINT = 1e-12;

/** In tolerances: where stability limits the step, tokens that have met go on trembling by a few of them. */
const TREMBLE = 4;

/** Tokens farther apart than this are two, however loose the tolerances. */
const MOST_DISTANCE = 1e-3;

/** Accepted steps from one look for met tokens to the next: when exactly they merge does not matter. */
const EVERY = 4;

/** Distance below which tokens count as one. With a fixed step nothing is known of errors, and published code merges nothing. */
export function mergeDistance({ control, problem }: Run): number {
  const tremble = control.step === null ? TREMBLE * (control.rtol + control.atol) : 0;
  return Math.min(MOST_DISTANCE, Math.max(SAME_POINT, problem.samePoint, tremble));
}

/**
 * Lets tokens that have met go on as one: from now on a token moves with its leader. What coincides stays so, and
 * the fast contraction among merged tokens no longer limits the step, so that slow plateaus cost little. The state changes
 * by at most the merge distance, a few tolerances, at every merge, and what comes of that later is bounded by
 * `mergeErrorBound` (reductions/coincident.ts).
 */
export function mergeTokens(run: Run, lane: number): void {
  const { lanes, problem, control } = run;
  if (!problem.merges || control.step !== null || tallyOf(run, lane).steps % EVERY !== 0) return;
  const leaders = lanes.leaders.subarray(lane * problem.n, (lane + 1) * problem.n);
  const x = lanes.x.subarray(lane * lanes.size, (lane + 1) * lanes.size);
  const before = lanes.merged[lane];
  lanes.merged[lane] += joinNear(x, leaders, problem.d, mergeDistance(run));
  if (lanes.merged[lane] === before) return;
  followLeaders(lanes, lane, problem.n, problem.d, lanes.x);
  followLeaders(lanes, lane, problem.n, problem.d, lanes.slopes[0]);
}

/** Gives each merged token of a lane its leader's row of `state`. */
export function followLeaders(lanes: Lanes, lane: number, n: number, d: number, state: Float64Array): void {
  if (lanes.merged[lane] === 0) return;
  const at = lane * lanes.size;
  for (let i = 0; i < n; i++) {
    const leader = lanes.leaders[lane * n + i];
    if (leader !== i) state.copyWithin(at + i * d, at + leader * d, at + (leader + 1) * d);
  }
}

/** Joins leaders closer than `reach`, looking along the first coordinate in order; returns how many stopped leading. */
function joinNear(x: Float64Array, leaders: Int32Array, d: number, reach: number): number {
  const order = leadersInReach(x, leaders, d, reach).sort((i, j) => x[i * d] - x[j * d]);
  const leading: number[] = [];
  for (const i of order) {
    let near = leading.length - 1;
    while (near >= 0 && x[i * d] - x[leading[near] * d] <= reach && !areNear(x, i, leading[near], d, reach)) near--;
    if (near >= 0 && x[i * d] - x[leading[near] * d] <= reach) leaders[i] = leading[near];
    else leading.push(i);
  }
  // Whoever followed one that leads no more follows that one's leader.
  for (let m = 0; m < leaders.length; m++) leaders[m] = leaders[leaders[m]];
  return order.length - leading.length;
}

/** Leaders with another within `reach` along the first coordinate: few of many. Numbers alone are sorted far sooner than tokens. */
function leadersInReach(x: Float64Array, leaders: Int32Array, d: number, reach: number): number[] {
  const places = new Float64Array(leaders.length);
  let count = 0;
  for (let i = 0; i < leaders.length; i++) if (leaders[i] === i) places[count++] = x[i * d];
  const sorted = places.subarray(0, count).sort();
  const close = new Set<number>();
  for (let at = 1; at < count; at++)
    if (sorted[at] - sorted[at - 1] <= reach) close.add(sorted[at - 1]).add(sorted[at]);
  const near: number[] = [];
  for (let i = 0; i < leaders.length; i++) if (leaders[i] === i && close.has(x[i * d])) near.push(i);
  return near;
}

function areNear(x: Float64Array, i: number, j: number, d: number, reach: number): boolean {
  let squared = 0;
  for (let k = 0; k < d && squared <= reach * reach; k++) squared += (x[i * d + k] - x[j * d + k]) ** 2;
  return squared <= reach * reach;
}
