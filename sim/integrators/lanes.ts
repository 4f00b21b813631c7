import { type Combine, statesMemory } from "./states-memory.ts";

/**
 * Systems that advance side by side. Lane l holds the numbers from `l * size` of each state array and entry l of each
 * scalar array; lanes 0 … active − 1 are in use, so that one engine call serves them all.
 */
export interface Lanes {
  readonly capacity: number;
  /** Numbers in a system's state, n · d. */
  readonly size: number;
  active: number;
  /** The state at `tau`. */
  readonly x: Float64Array;
  /** Stage points, then the state after the step. */
  readonly next: Float64Array;
  /** Slopes k_i of the step. */
  readonly slopes: readonly Float64Array[];
  /** Two states: error estimates, the first also for interpolated clouds. */
  readonly scratch: readonly [Float64Array, Float64Array];
  /** Adds slopes up, of all these. */
  readonly combine: Combine;
  readonly beta: Float64Array;
  /** Of the velocities. */
  readonly logScale: Float64Array;
  /** Of time: τ = e^{clock} t. */
  readonly clock: Float64Array;
  /** Scaled time, and where it ends. */
  readonly tau: Float64Array;
  readonly end: Float64Array;
  /** The step to try, in scaled time. */
  readonly step: Float64Array;
  /** Error of the step just tried, in units of the tolerance. */
  readonly error: Float64Array;
  /** Error of the last accepted step. */
  readonly lastError: Float64Array;
  /** Which system this is, and the next time it has to save. */
  readonly system: Int32Array;
  readonly timeIndex: Int32Array;
  /** `[capacity, n]`: the token that token i moves with, i itself until it merges. */
  readonly leaders: Int32Array;
  /** Tokens that move with another. */
  readonly merged: Int32Array;
}

/**
 * Empty lanes for up to `capacity` systems of n tokens of width d.
 *
 * @param stages - Slopes that a step needs.
 */
export function makeLanes(capacity: number, n: number, d: number, stages: number): Lanes {
  const size = n * d;
  const states = Array.from({ length: stages + 2 }, () => capacity * size);
  const { arrays, combine } = statesMemory([...states, size, size]);
  const [x, next, ...rest] = arrays;
  const scalar = () => new Float64Array(capacity);
  return {
    capacity,
    size,
    active: 0,
    x,
    next,
    slopes: rest.slice(0, stages),
    scratch: [rest[stages], rest[stages + 1]],
    combine,
    beta: scalar(),
    logScale: scalar(),
    clock: scalar(),
    tau: scalar(),
    end: scalar(),
    step: scalar(),
    error: scalar(),
    lastError: scalar(),
    system: new Int32Array(capacity),
    timeIndex: new Int32Array(capacity),
    leaders: new Int32Array(capacity * n),
    merged: new Int32Array(capacity),
  };
}

/** Takes lane `lane` out: the last lane in use moves into its place. */
export function dropLane(lanes: Lanes, lane: number): void {
  const last = --lanes.active;
  if (lane === last) return;
  const { size } = lanes;
  for (const state of [lanes.x, lanes.slopes[0]]) state.copyWithin(lane * size, last * size, (last + 1) * size);
  const n = lanes.leaders.length / lanes.capacity;
  lanes.leaders.copyWithin(lane * n, last * n, (last + 1) * n);
  const { beta, logScale, clock, tau, end, step, lastError, system, timeIndex, merged } = lanes;
  for (const scalar of [beta, logScale, clock, tau, end, step, lastError, system, timeIndex, merged])
    scalar[lane] = scalar[last];
}

/** Numbers in one n × n or n × d array of all lanes together: larger batches only fall out of the caches. */
const LANE_BUDGET = 2 ** 18;

/** Systems of n tokens of width d that are best computed side by side, at least one. */
export function laneCapacity(n: number, d: number): number {
  return Math.max(1, Math.floor(LANE_BUDGET / (n * Math.max(n, d))));
}
