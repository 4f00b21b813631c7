import { setImmediate } from "node:timers/promises";
import { growth, shrinkage } from "../integrators/step-control.ts";
import {
  enterTally,
  isTallied,
  leaveTally,
  makePairTally,
  moveTally,
  type PairTally,
  settleTally,
  stepTally,
  tallySums,
} from "./pair-tally.ts";
import type { StepEngine } from "./step-engine.ts";
import type { SweepSums } from "./sweep-sums.ts";

/** Systems that a stepped flow carries through time, all at one β; nothing is taken out of their time. */
export interface FlowStarts {
  readonly n: number;
  readonly d: number;
  readonly beta: number;
  /** Clouds `[n, d]`, unit rows. */
  readonly clouds: readonly Float64Array[];
}

/** What is asked of a stepped flow. */
export interface FlowWish {
  /** Sorted, ≥ 0. */
  readonly times: Float64Array;
  readonly threshold: number;
  /** Of the method of the engine. */
  readonly order: number;
  /** How far the fastest token goes in the first step; the error of a try mends it. */
  readonly firstStep: number;
  readonly maxSteps: number;
  /** Tokens whose cosines are all at least this stay so, and come together at a constant rate; `null`: no such number. */
  readonly settled: number | null;
}

/** What a flow came to: sums, and the starts that it gave up, with the first time at which each is not in the sums. */
export interface SteppedSums {
  readonly sums: SweepSums;
  readonly left: readonly LeftStart[];
}

/** A start that whole steps did not carry to the end. */
export interface LeftStart {
  readonly start: number;
  readonly fromTime: number;
}

interface Flow {
  readonly engine: StepEngine;
  readonly starts: FlowStarts;
  readonly wish: FlowWish;
  readonly tally: PairTally;
  readonly left: LeftStart[];
  /** `[lanes]`: which start, tries so far (0: the next only looks at the start), error of the last accepted step. */
  readonly start: Int32Array;
  readonly tries: Int32Array;
  readonly lastError: Float64Array;
  active: number;
  queue: number;
}

/** Rounds between two looks at the event loop, so that signals and messages are heard. */
const BREATH = 16;

/**
 * Carries many systems through time by whole steps of an engine, side by side, and counts the pairs that have met. Steps may
 * end behind the last time.
 *
 * @param progress - Called with the fraction of systems done.
 */
export async function steppedFlow(
  engine: StepEngine,
  starts: FlowStarts,
  wish: FlowWish,
  progress: (fraction: number) => void,
  signal?: AbortSignal,
): Promise<SteppedSums> {
  const flow = startFlow(engine, starts, wish);
  for (let round = 1; fillLanes(flow); round++) {
    signal?.throwIfAborted();
    await engine.run(flow.active);
    const before = flow.active;
    for (let lane = flow.active - 1; lane >= 0; lane--) settleLane(flow, lane);
    if (flow.active < before) progress((flow.queue - flow.active) / starts.clouds.length);
    if (round % BREATH === 0) await setImmediate();
  }
  return { sums: tallySums(flow.tally), left: flow.left };
}

function startFlow(engine: StepEngine, starts: FlowStarts, wish: FlowWish): Flow {
  const { capacity } = engine;
  const tally = makePairTally(starts.n, wish.threshold, wish.times, capacity);
  return {
    ...{ engine, starts, wish, tally, left: [] },
    start: new Int32Array(capacity),
    tries: new Int32Array(capacity),
    lastError: new Float64Array(capacity),
    active: 0,
    queue: 0,
  };
}

/** Loads waiting systems into free lanes; whether any lane is in use. */
function fillLanes(flow: Flow): boolean {
  const { engine, starts } = flow;
  const size = starts.n * starts.d;
  while (flow.active < engine.capacity && flow.queue < starts.clouds.length) {
    const lane = flow.active++;
    flow.start[lane] = flow.queue;
    engine.inputs.x.set(starts.clouds[flow.queue++], lane * size);
    engine.inputs.slope.fill(0, lane * size, (lane + 1) * size);
    engine.inputs.step[lane] = 0;
    engine.inputs.beta[lane] = starts.beta;
    engine.inputs.log_scale[lane] = 0;
    flow.tries[lane] = 0;
    flow.lastError[lane] = 1;
  }
  return flow.active > 0;
}

/** Accepts or rejects what the engine has tried in a lane; frees the lane where its system is done. */
function settleLane(flow: Flow, lane: number): void {
  const { tally, wish } = flow;
  if (flow.tries[lane]++ === 0) begin(flow, lane);
  else if (errorOf(flow, lane) <= 1) accept(flow, lane);
  else flow.engine.inputs.step[lane] *= shrinkage(errorOf(flow, lane), wish.order);
  if (!isTallied(tally, lane)) {
    if (wish.settled !== null && tally.least[lane] >= wish.settled) settleTally(tally, lane);
    else if (!isGivenUp(flow, lane)) return;
    else {
      flow.left.push({ start: flow.start[lane], fromTime: tally.timeIndex[lane] });
      leaveTally(tally, lane);
    }
  }
  dropLane(flow, lane);
}

/** Where the first slope is not finite, neither is the step; one of length 0 leads nowhere. */
function isGivenUp({ engine, tries, wish }: Flow, lane: number): boolean {
  return !(engine.inputs.step[lane] > 0) || tries[lane] > wish.maxSteps;
}

/** The error that the engine found, or NaN where the state after the step is not finite. */
function errorOf({ engine, starts }: Flow, lane: number): number {
  const { cosines, error } = engine.outputs;
  let trace = 0;
  for (let i = 0; i < starts.n; i++) trace += cosines[(lane * starts.n + i) * starts.n + i];
  return Number.isFinite(trace) ? error[lane] : Number.NaN;
}

/** A step of length 0 has given slope, cosines and rates of the start. */
function begin(flow: Flow, lane: number): void {
  const { engine, starts, tally, wish } = flow;
  const { cosines, rates } = engine.outputs;
  enterTally(tally, lane, cosines, rates, lane * starts.n ** 2);
  keepSlope(flow, lane);
  engine.inputs.step[lane] = Math.min(wish.firstStep / fastest(flow, lane), wish.times.at(-1)!);
}

function accept(flow: Flow, lane: number): void {
  const { engine, starts, tally, wish } = flow;
  const { next, cosines, rates, error } = engine.outputs;
  const { x, step } = engine.inputs;
  const size = starts.n * starts.d;
  stepTally(tally, lane, step[lane], cosines, rates, lane * starts.n ** 2);
  x.set(next.subarray(lane * size, (lane + 1) * size), lane * size);
  keepSlope(flow, lane);
  step[lane] *= growth(error[lane], flow.lastError[lane], wish.order);
  flow.lastError[lane] = error[lane];
}

function keepSlope({ engine, starts }: Flow, lane: number): void {
  const [from, to] = [lane * starts.n * starts.d, (lane + 1) * starts.n * starts.d];
  engine.inputs.slope.set(engine.outputs.next_slope.subarray(from, to), from);
}

/** Speed of the fastest token of a lane. */
function fastest({ engine, starts: { n, d } }: Flow, lane: number): number {
  const { slope } = engine.inputs;
  let most = 0;
  for (let i = lane * n; i < (lane + 1) * n; i++) {
    let squared = 0;
    for (let k = i * d; k < (i + 1) * d; k++) squared += slope[k] * slope[k];
    most = Math.max(most, squared);
  }
  return Math.sqrt(most);
}

/** Takes a lane out: the last lane in use moves into its place. */
function dropLane(flow: Flow, lane: number): void {
  const last = --flow.active;
  if (lane === last) return;
  const { engine, start, starts, tally, tries, lastError } = flow;
  const { x, slope, step, beta, log_scale } = engine.inputs;
  const size = starts.n * starts.d;
  for (const list of [x, slope]) list.copyWithin(lane * size, last * size, (last + 1) * size);
  for (const list of [step, beta, log_scale, start, tries, lastError]) list[lane] = list[last];
  moveTally(tally, last, lane);
}
