import { beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { betaInterval } from "../../src/fit/bootstrap.ts";
import { familyOf } from "../../src/fit/families.ts";
import { bestIndex, type FitProblem, type Searched, searchBeta } from "../../src/fit/search.ts";
import { fitProblem } from "./fit-problem.ts";
import { evenTimes, simulatedStates } from "./simulated-states.ts";

const TRUTH = { dynamics: "sa", beta: 2, times: evenTimes(4, 2), n: 14, d: 6 } as const;
const RANGE = { betaMin: 0.5, betaMax: 8, perOctave: 2, refinements: 3 };

async function interval(problem: FitProblem, found: Searched[], replicates: number, seed: number) {
  return betaInterval(problem, familyOf("sa"), found, "linear", { replicates, random: randomSource(seed) });
}

describe("the interval of β from resampled tokens", () => {
  let problem: FitProblem;
  let found: Searched[];
  beforeAll(async () => {
    // Every other token comes from another run, so that tokens disagree and the interval has a width to show.
    const [a, b] = await Promise.all([8, 9].map((seed) => simulatedStates({ ...TRUTH, seed })));
    const layers = a.layers.map(({ layer, x }, k) => ({
      layer,
      x: x.map((value, e) => (Math.floor(e / TRUTH.d) % 2 === 0 ? value : b.layers[k].x[e])),
    }));
    problem = fitProblem({ ...a, layers });
    found = await searchBeta(problem, familyOf("sa"), RANGE);
  });

  it("contains the estimate", async () => {
    const [lo, hi] = await interval(problem, found, 40, 1);
    const { beta } = found[bestIndex(found, "linear")].candidate;
    expect(lo).toBeLessThanOrEqual(beta);
    expect(hi).toBeGreaterThanOrEqual(beta);
    expect(hi).toBeGreaterThan(lo);
  });

  it("is the same for the same seed", async () => {
    expect(await interval(problem, found, 15, 3)).toEqual(await interval(problem, found, 15, 3));
  });

  it("has ends that the search tried", async () => {
    const betas = found.map((s) => s.candidate.beta);
    for (const end of await interval(problem, found, 15, 4)) expect(betas).toContain(end);
  });

  it("is never narrower than the search around the best value, even with one resample", async () => {
    const best = bestIndex(found, "linear");
    const [lo, hi] = await interval(problem, found, 1, 5);
    expect(lo).toBeLessThanOrEqual(found[best - 1].candidate.beta);
    expect(hi).toBeGreaterThanOrEqual(found[best + 1].candidate.beta);
  });

  it("draws again where one token alone was drawn: two tokens have one resample, themselves", async () => {
    const pair = fitProblem(await simulatedStates({ ...TRUTH, n: 2, seed: 3 }));
    const tried = await searchBeta(pair, familyOf("sa"), RANGE);
    const best = bestIndex(tried, "linear");
    const neighbours = [best - 1, best + 1].map((i) => tried[i].candidate.beta);
    // Half of all draws of two hold one token twice: without drawing again they would pull the interval to its end.
    expect(await interval(pair, tried, 20, 7)).toEqual(neighbours);
  });

  it("tells how far it has come", async () => {
    const seen: number[] = [];
    const random = randomSource(1);
    await betaInterval(problem, familyOf("sa"), found, "linear", {
      replicates: 3,
      random,
      progress: (f) => seen.push(f),
    });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen[seen.length - 1]).toBeCloseTo(1, 12);
  });
});

describe("the interval of β from resampled texts", () => {
  it("contains the truth where five texts share it", async () => {
    const small = { ...TRUTH, n: 10, times: evenTimes(3, 1.5) };
    const texts = await Promise.all([1, 2, 3, 4, 5].map((seed) => simulatedStates({ ...small, seed })));
    const problem = fitProblem(...texts);
    const found = await searchBeta(problem, familyOf("sa"), RANGE);
    const [lo, hi] = await interval(problem, found, 40, 1);
    expect(lo).toBeLessThanOrEqual(TRUTH.beta);
    expect(hi).toBeGreaterThanOrEqual(TRUTH.beta);
  });
});
