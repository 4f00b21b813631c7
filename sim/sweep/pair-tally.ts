import { pairCount } from "../../probes/products/inner-products.ts";
import { type LogGap, logGap, logGapAt } from "./log-gap.ts";
import type { Reals } from "./step-engine.ts";
import type { SweepSums } from "./sweep-sums.ts";

/**
 * Counts met pairs at given times from the ends of steps alone: what a step costs does not depend on how many times lie in
 * it. A pair that is on one side of the threshold at both ends is taken to have stayed there; of one that is not, the first
 * time on the other side is looked for on a cubic through log(1 − cosine). The mean cosine is interpolated in the same way.
 *
 * Lane l holds the l-th part of each array, as in the engine.
 */
export interface PairTally {
  readonly n: number;
  readonly pairs: number;
  readonly threshold: number;
  /** In the time of the steps, sorted. */
  readonly times: Float64Array;
  /** `[lanes, pairs]`: cosines and their derivatives at the end of the last step, and which are at or above the threshold. */
  readonly cosines: Float64Array;
  readonly rates: Float64Array;
  readonly isNear: Uint8Array;
  /** `[lanes]`: the end of the last step, the mean cosine there with its derivative, the smallest cosine, pairs that have met. */
  readonly time: Float64Array;
  readonly mean: Float64Array;
  readonly meanRate: Float64Array;
  readonly least: Float64Array;
  readonly near: Int32Array;
  /** The next time to count. */
  readonly timeIndex: Int32Array;
  /** Changes from one time to the next, over all systems. */
  readonly nearChange: Float64Array;
  readonly countChange: Float64Array;
  /** Sums of mean cosines. */
  readonly cosine: Float64Array;
}

/**
 * A tally that has counted nothing.
 *
 * @param n - Tokens of a system, ≥ 2.
 * @param times - In the time of the steps, sorted.
 * @param lanes - Systems side by side.
 */
export function makePairTally(n: number, threshold: number, times: Float64Array, lanes: number): PairTally {
  const pairs = pairCount(n);
  const scalar = () => new Float64Array(lanes);
  return {
    ...{ n, pairs, threshold, times },
    cosines: new Float64Array(lanes * pairs),
    rates: new Float64Array(lanes * pairs),
    isNear: new Uint8Array(lanes * pairs),
    ...{ time: scalar(), mean: scalar(), meanRate: scalar(), least: scalar() },
    near: new Int32Array(lanes),
    timeIndex: new Int32Array(lanes),
    nearChange: new Float64Array(times.length + 1),
    countChange: new Float64Array(times.length + 1),
    cosine: new Float64Array(times.length),
  };
}

/** A system enters a lane at time 0 with these cosines and rates, `[n, n]` from `at`. */
export function enterTally(tally: PairTally, lane: number, cosines: Reals, rates: Reals, at: number): void {
  const { pairs, isNear, time, times, timeIndex, mean } = tally;
  time[lane] = 0;
  isNear.fill(0, lane * pairs, (lane + 1) * pairs);
  readPairs(tally, lane, 0, 0, cosines, rates, at);
  tally.countChange[0]++;
  timeIndex[lane] = firstAfter(times, 0, 0);
  for (let t = 0; t < timeIndex[lane]; t++) tally.cosine[t] += mean[lane];
}

/** The system in this lane has made a step of length `h`. */
export function stepTally(tally: PairTally, lane: number, h: number, cosines: Reals, rates: Reals, at: number): void {
  const { time, times, timeIndex, mean, meanRate } = tally;
  const [first, last] = [timeIndex[lane], firstAfter(times, time[lane] + h, timeIndex[lane])];
  const [from, fromRate] = [mean[lane], meanRate[lane]];
  readPairs(tally, lane, h, last, cosines, rates, at);
  const curve = logGap(from, fromRate, mean[lane], meanRate[lane], h);
  for (let t = first; t < last; t++) {
    tally.cosine[t] += 1 - Math.exp(logGapAt(curve, (times[t] - time[lane]) / h));
  }
  time[lane] += h;
  timeIndex[lane] = last;
}

/** Whether all times of this lane have been counted. */
export function isTallied({ timeIndex, times }: PairTally, lane: number): boolean {
  return timeIndex[lane] === times.length;
}

/** Counts the times that remain for a system whose tokens go on approaching at their present rate, no pair leaving another. */
export function settleTally({ times, timeIndex, time, mean, meanRate, cosine }: PairTally, lane: number): void {
  const gap = 1 - mean[lane];
  const rate = gap > 0 ? Math.max(0, meanRate[lane] / gap) : 0;
  for (let t = timeIndex[lane]; t < times.length; t++) cosine[t] += 1 - gap * Math.exp(-rate * (times[t] - time[lane]));
  timeIndex[lane] = times.length;
}

/** Leaves the times that remain, from `timeIndex` on, without the system in this lane. */
export function leaveTally(tally: PairTally, lane: number): void {
  tally.nearChange[tally.timeIndex[lane]] -= tally.near[lane];
  tally.countChange[tally.timeIndex[lane]]--;
}

/** The system of lane `from` moves to lane `to`. */
export function moveTally(tally: PairTally, from: number, to: number): void {
  const { pairs, cosines, rates, isNear, time, mean, meanRate, least, near, timeIndex } = tally;
  for (const list of [cosines, rates, isNear]) list.copyWithin(to * pairs, from * pairs, (from + 1) * pairs);
  for (const list of [time, mean, meanRate, least, near, timeIndex]) list[to] = list[from];
}

/** What was counted, by time: changes added up from the first on. */
export function tallySums({ nearChange, countChange, cosine }: PairTally): SweepSums {
  return { near: runningSums(nearChange), cosine, count: runningSums(countChange), failures: {} };
}

/** Reads all pairs at the end of a step of length `h` that goes beyond the times up to `last` (excluded). */
function readPairs(
  tally: PairTally,
  lane: number,
  h: number,
  last: number,
  cosines: Reals,
  rates: Reals,
  at: number,
): void {
  const { n, pairs, threshold, isNear } = tally;
  let [sum, rateSum, least, near] = [0, 0, 1, 0];
  for (let i = 0, p = lane * pairs; i < n; i++) {
    for (let q = at + i * n + i + 1; q < at + (i + 1) * n; q++, p++) {
      const c = cosines[q];
      const now = c >= threshold ? 1 : 0;
      if (now !== isNear[p]) tally.nearChange[changeTime(tally, lane, p, h, last, c, rates[q])] += now === 1 ? 1 : -1;
      isNear[p] = now;
      near += now;
      sum += c;
      rateSum += rates[q];
      if (c < least) least = c;
      tally.cosines[p] = c;
      tally.rates[p] = rates[q];
    }
  }
  tally.near[lane] = near;
  tally.least[lane] = least;
  tally.mean[lane] = sum / pairs;
  tally.meanRate[lane] = rateSum / pairs;
}

/** Index of the first time at which pair `p`, whose side changes in this step, is on its new side: found by halving. */
function changeTime(
  { cosines, rates, isNear, threshold, time, times, timeIndex }: PairTally,
  lane: number,
  p: number,
  h: number,
  last: number,
  cosine: number,
  rate: number,
): number {
  if (h === 0) return 0;
  const curve: LogGap = logGap(cosines[p], rates[p], cosine, rate, h);
  const border = Math.log(1 - threshold);
  let [low, high] = [timeIndex[lane], last];
  while (low < high) {
    const middle = (low + high) >> 1;
    const side = logGapAt(curve, (times[middle] - time[lane]) / h) <= border ? 1 : 0;
    if (side === isNear[p]) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first time from `first` on that is above `end`. */
function firstAfter(times: Float64Array, end: number, first: number): number {
  let t = first;
  while (t < times.length && times[t] <= end) t++;
  return t;
}

/** Sums of all changes up to each time; the last entry is of what changes after the last time. */
function runningSums(changes: Float64Array): Float64Array {
  let sum = 0;
  return changes.slice(0, -1).map((change) => {
    sum += change;
    return sum;
  });
}
