import { beforeAll, describe, expect, it } from "vitest";
import { coarseSearch } from "../../src/fit/coarse-search.ts";
import { evaluate, type FitProblem, type Searched } from "../../src/fit/evaluate.ts";
import { profile } from "../../src/fit/search.ts";
import { familyNamed, familyOf, type MovingFamily, movingFamilies } from "../../src/laws/families.ts";
import { COARSE } from "../../src/trajectories/frames.ts";
import { fitProblem } from "./fit-problem.ts";
import { evenTimes, simulatedStates } from "./simulated-states.ts";

const BETAS = [1, 2, 4, 20];
const w1 = ({ alignments }: Searched) => alignments.monotone.w1;

describe("the coarse search", () => {
  let problem: FitProblem;
  let found: readonly Searched[];
  let whole: readonly Searched[];
  beforeAll(async () => {
    const truth = { dynamics: "usa", beta: 2, times: evenTimes(5, 2), n: 24, d: 6, seed: 2 } as const;
    problem = fitProblem(await simulatedStates(truth));
    found = await coarseSearch(problem, familyOf("usa"), BETAS);
    whole = await evaluate(problem, familyOf("usa"), BETAS, COARSE);
  });

  it("comes to the same as every step would where a β is near", () => {
    for (const i of [0, 1]) {
      expect(found[i].candidate.cut).toBe(false);
      expect(w1(found[i])).toBe(w1(whole[i]));
    }
  });

  it("gives up what costs twice the best by the layers that it has passed, and what is too slow to arrive", () => {
    for (const i of [2, 3]) {
      expect(found[i].candidate.cut).toBe(true);
      expect(found[i].candidate.horizon).toBeLessThan(whole[i].candidate.horizon);
      expect(w1(whole[i])).toBeGreaterThan(2 * w1(whole[1])); // With every step it would have come to nothing, too.
    }
  });

  it("leaves out what lies far beyond the best, and only that", async () => {
    const [usa] = movingFamilies(["usa"]);
    const tried = async (betas: readonly number[]) =>
      (await coarseSearch(problem, usa, betas)).map(({ candidate }) => candidate.beta);
    const far = [0.5, 1, 2, 4, 8, 16];
    expect(await tried(far)).not.toContain(16);
    // Nothing has risen yet, however many β are below the best.
    expect(await tried([0.1, 0.25, 0.5, 1, 2])).toEqual([0.1, 0.25, 0.5, 1, 2]);
    // Of a family of which no valley is known every β is looked at, and of one that starts elsewhere.
    for (const other of [familyOf("usa"), { ...usa, start: "iid" } as const])
      expect((await coarseSearch(problem, other, far)).map(({ candidate }) => candidate.beta)).toEqual(far);
  });

  it("says nothing in a profile of what was given up far from the best", () => {
    expect(profile(found, "monotone").map(({ beta }) => beta)).toEqual([1, 2]);
  });
});

describe("a trajectory", () => {
  it("ends where it goes the other way from every layer, and not where the layers go that way", async () => {
    const towards = { dynamics: "sa", beta: 2, times: [1.5, 2, 2.5, 3], n: 12, d: 6, seed: 2 } as const;
    const away = { ...towards, dynamics: "sa_repulsive", times: evenTimes(3, 2) } as const;
    const framesOf = async (truth: typeof towards | typeof away) => {
      const problem = fitProblem(await simulatedStates(truth));
      const [{ candidate }] = await evaluate(problem, familyOf("sa_repulsive"), [2], COARSE);
      return candidate;
    };
    const [clustering, spreading] = [await framesOf(towards), await framesOf(away)];
    expect(clustering.cut).toBe(true);
    expect(clustering.horizon).toBeLessThan(1);
    expect(spreading.horizon).toBeGreaterThan(2); // All the layers.
  });
});

describe("the coarse search of more tokens than are measured", () => {
  const truth = { dynamics: "sa", beta: 2, times: evenTimes(3, 1), n: 136, d: 4, seed: 2 } as const;
  let problem: FitProblem;
  beforeAll(async () => {
    problem = fitProblem(await simulatedStates(truth));
  });

  it("follows a sample, which comes near to what all come to", async () => {
    const [sampled] = await coarseSearch(problem, familyOf("sa"), [2]);
    const [all] = await evaluate(problem, familyOf("sa"), [2], COARSE);
    expect(w1(sampled)).not.toBe(w1(all));
    const still = all.candidate.cost(3, 0);
    expect(w1(all)).toBeLessThan(0.05 * still);
    // A mean over 128 of 136 tokens is off by a few hundredths of what they differ by.
    expect(w1(sampled)).toBeLessThan(0.2 * still);
  });

  it("follows all where a family has a parameter for each token", async () => {
    const weights = Array.from({ length: truth.n }, (_, i) => 1 + (i % 3));
    const weighted = { ...familyNamed("sa"), dynamics: "sa_weighted", parameters: { weights } } as MovingFamily;
    const [found] = await coarseSearch(problem, weighted, [2]);
    const [all] = await evaluate(problem, weighted, [2], COARSE);
    expect(w1(found)).toBe(w1(all));
  });
});
