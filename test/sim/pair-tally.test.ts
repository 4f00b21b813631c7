import { describe, expect, it } from "vitest";
import { logGap, logGapAt } from "../../sim/sweep/log-gap.ts";
import {
  enterTally,
  leaveTally,
  makePairTally,
  settleTally,
  stepTally,
  tallySums,
} from "../../sim/sweep/pair-tally.ts";
import { largestDifference } from "./cases.ts";

/** A pair of tokens: its cosine and the derivative. */
interface Pair {
  readonly cosine: (t: number) => number;
  readonly rate: (t: number) => number;
}

/** At a constant rate. */
const meeting: Pair = { cosine: (t) => 1 - Math.exp(-2 * t), rate: (t) => 2 * Math.exp(-2 * t) };
/** Equiangular tokens at β = 0, n = 32. */
const equiangular: Pair = {
  cosine: (t) => 1 - 32 / (Math.exp(2 * t) + 31),
  rate: (t) => (64 * Math.exp(2 * t)) / (Math.exp(2 * t) + 31) ** 2,
};
/** Together from 0 to 3.25. */
const parting: Pair = { cosine: (t) => 1 - 1e-3 * Math.exp(t - 3.25), rate: (t) => -1e-3 * Math.exp(t - 3.25) };

/** Cosines of three tokens' pairs and their rates. */
function matrices(t: number, pairs: readonly Pair[]) {
  const [cosines, rates] = [new Float64Array(9).fill(1), new Float64Array(9)];
  const places = [1, 2, 5];
  for (const [p, { cosine, rate }] of pairs.entries()) {
    cosines[places[p]] = cosine(t);
    rates[places[p]] = rate(t);
  }
  return { cosines, rates };
}

/** What is counted with steps that end at `ends`. */
function counted(pairs: readonly Pair[], ends: readonly number[], times: readonly number[]) {
  const tally = makePairTally(3, 0.999, Float64Array.from(times), 1);
  const first = matrices(0, pairs);
  enterTally(tally, 0, first.cosines, first.rates, 0);
  ends.forEach((end, k) => {
    const { cosines, rates } = matrices(end, pairs);
    stepTally(tally, 0, end - (ends[k - 1] ?? 0), cosines, rates, 0);
  });
  return tally;
}

const times = Array.from({ length: 101 }, (_, i) => i / 10);

describe("the logarithm of 1 − cosine within a step", () => {
  it("is exact where tokens approach at a constant rate, however long the step", () => {
    const { cosine, rate } = meeting;
    const curve = logGap(cosine(1), rate(1), cosine(4), rate(4), 3);
    for (const theta of [0, 0.2, 0.7, 1]) expect(logGapAt(curve, theta)).toBeCloseTo(-2 * (1 + 3 * theta), 10);
  });

  it("is of fourth order elsewhere", () => {
    const { cosine, rate } = equiangular;
    const error = (h: number) => {
      const curve = logGap(cosine(1.6), rate(1.6), cosine(1.6 + h), rate(1.6 + h), h);
      return Math.abs(logGapAt(curve, 0.5) - Math.log(1 - cosine(1.6 + h / 2)));
    };
    expect(Math.log2(error(0.2) / error(0.1))).toBeGreaterThan(3.7);
    expect(Math.log2(error(0.2) / error(0.1))).toBeLessThan(4.3);
  });
});

describe("a tally of pairs", () => {
  const pairs = [meeting, equiangular, parting];
  const exact = times.map((t) => pairs.filter(({ cosine }) => cosine(t) >= 0.999).length);

  it("counts at every time what is above the threshold, from the ends of few steps", () => {
    const { near, count, failures } = tallySums(counted(pairs, [0.8, 1.6, 2.4, 3.6, 5, 10.1], times));
    expect([...near]).toEqual(exact);
    expect([...count]).toEqual(times.map(() => 1));
    expect(failures).toEqual({});
  });

  it("would be wrong if pairs crossed where the steps end", () => {
    const ends = [0.8, 1.6, 2.4, 3.6, 5, 10.1];
    const coarse = times.map(
      (t) => pairs.filter(({ cosine }) => cosine(ends.find((end) => end >= t)!) >= 0.999).length,
    );
    expect(coarse).not.toEqual(exact);
  });

  it("has the mean cosine between the ends of steps", () => {
    const alike = [meeting, meeting, meeting];
    const { cosine } = tallySums(counted(alike, [0.8, 2.4, 10.1], times));
    // At a constant rate the logarithm is straight; 1 − c loses digits as c comes near 1.
    expect(largestDifference(cosine, times.map(meeting.cosine))).toBeLessThan(1e-10);
  });

  it("goes on at the present rate where a cloud has settled", () => {
    const alike = [meeting, meeting, meeting];
    const tally = counted(alike, [2, 4], times);
    settleTally(tally, 0);
    const { near, cosine } = tallySums(tally);
    expect(near.at(-1)).toBe(3);
    expect(largestDifference(cosine, times.map(meeting.cosine))).toBeLessThan(1e-12);
  });

  it("leaves a system out from where it was given up", () => {
    const tally = counted(pairs, [0.8, 1.6, 2.4, 3.6, 4.05], times);
    leaveTally(tally, 0);
    const { near, count } = tallySums(tally);
    expect([...count]).toEqual(times.map((t) => (t <= 4.05 ? 1 : 0)));
    expect([...near]).toEqual(exact.map((value, t) => (times[t] <= 4.05 ? value : 0)));
  });
});
