import { slopeSum } from "./linear-combination.ts";
import { followLeaders } from "./merge-tokens.ts";
import { type Run, tallyOf } from "./run.ts";
import { unscaledTime } from "./scaled-time.ts";

/** Computes all slopes of one step of every lane in use, and the states after it into `next`. */
export async function computeStages(run: Run): Promise<void> {
  const { lanes, method } = run;
  const first = method.firstSameAsLast ? 1 : 0;
  for (let stage = first; stage < method.stages; stage++) {
    if (stage > 0) combineLanes(run, method.a[stage]);
    await evaluate(run, 0, lanes.active, method.c[stage], stage > 0 ? lanes.next : lanes.x, lanes.slopes[stage]);
  }
  if (!method.firstSameAsLast) combineLanes(run, method.b);
}

/** The slopes that only the dense output needs. They leave `next` as it is. */
export async function computeExtraStages(run: Run): Promise<void> {
  const { lanes, method } = run;
  const after = lanes.next.slice(0, lanes.active * lanes.size);
  for (let stage = method.stages; stage < method.allStages; stage++) {
    combineLanes(run, method.a[stage]);
    await evaluate(run, 0, lanes.active, method.c[stage], lanes.next, lanes.slopes[stage]);
  }
  lanes.next.set(after);
}

/** Velocities of lanes `from` … `to − 1` at `points`, at the fraction `c` of the step, into `slopes`; each is counted. */
export async function evaluate(
  run: Run,
  from: number,
  to: number,
  c: number,
  points: Float64Array,
  slopes: Float64Array,
): Promise<void> {
  const { lanes, problem } = run;
  const states = (array: Float64Array) => array.subarray(from * lanes.size, to * lanes.size);
  const scalars = (array: Float64Array) => array.subarray(from, to);
  const { velocity } = problem.engine;
  for (let lane = from; lane < to; lane++) tallyOf(run, lane).evaluations++;
  await velocity(states(points), scalars(lanes.beta), scalars(lanes.logScale), to - from, states(slopes));
  for (let lane = from; lane < to; lane++) {
    if (problem.schedule) keepTime(run, lane, c, points, slopes);
    followLeaders(lanes, lane, problem.n, problem.d, slopes);
  }
}

/** Makes the velocity of a lane that of its time. */
function keepTime({ lanes, problem }: Run, lane: number, c: number, points: Float64Array, slopes: Float64Array): void {
  const own = (array: Float64Array) => array.subarray(lane * lanes.size, (lane + 1) * lanes.size);
  const t = unscaledTime(lanes.tau[lane] + c * lanes.step[lane], lanes.clock[lane]);
  problem.schedule?.(t, own(points), own(slopes), problem.n, problem.d);
}

/** next = x + h Σ_i weights[i] k_i in every lane in use. */
function combineLanes({ lanes }: Run, weights: readonly number[]): void {
  const sum = slopeSum(lanes.slopes, weights);
  for (let lane = 0; lane < lanes.active; lane++) {
    const at = lane * lanes.size;
    lanes.combine(lanes.next, at, lanes.x, sum, at, lanes.step[lane], lanes.size);
  }
}
