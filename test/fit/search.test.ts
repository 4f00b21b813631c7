import { beforeAll, describe, expect, it } from "vitest";
import type { FitProblem, Searched } from "../../src/fit/evaluate.ts";
import { TIME_MAPS } from "../../src/fit/evaluate.ts";
import { bestIndex, profile, searchBeta } from "../../src/fit/search.ts";
import { familyOf } from "../../src/laws/families.ts";
import { fitProblem } from "./fit-problem.ts";
import { evenTimes, simulatedStates } from "./simulated-states.ts";

const RANGE = { betaMin: 0.5, betaMax: 8, perOctave: 1, refinements: 3 };

let problem: FitProblem;
let found: Searched[];
beforeAll(async () => {
  problem = fitProblem(
    await simulatedStates({ dynamics: "sa", beta: 1.7, times: evenTimes(4, 2), n: 12, d: 5, seed: 2 }),
  );
  found = await searchBeta(problem, familyOf("sa"), RANGE);
});

describe("the search for β", () => {
  it("tries the ends of its range and nothing beyond, in ascending order, no value twice", () => {
    const betas = found.map((s) => s.candidate.beta);
    expect([betas[0], betas[betas.length - 1]]).toEqual([0.5, 8]);
    for (let i = 1; i < betas.length; i++) expect(betas[i] / betas[i - 1]).toBeGreaterThan(1 + 1e-9);
  });

  it("ends with neighbours of the best that lie as close as its refinements make them", () => {
    const betas = found.map((s) => s.candidate.beta);
    for (const map of TIME_MAPS) {
      const best = bestIndex(found, map);
      // One octave, cut in three three times.
      const gap = 2 ** (1 / 27) * (1 + 1e-9);
      expect(betas[best + 1] / betas[best]).toBeLessThanOrEqual(gap);
      expect(betas[best] / betas[best - 1]).toBeLessThanOrEqual(gap);
    }
  });

  it("finds the β that made the clouds, as closely as it searched", () => {
    for (const map of TIME_MAPS) {
      expect(found[bestIndex(found, map)].candidate.beta / 1.7).toBeGreaterThan(2 ** (-1.5 / 27));
      expect(found[bestIndex(found, map)].candidate.beta / 1.7).toBeLessThan(2 ** (1.5 / 27));
    }
  });

  it("never fits the monotone map worse than the linear one, which is a case of it", () => {
    // At one β both maps see the same trajectory; the grid of the programme is refined only between neighbours.
    for (const { alignments } of found) expect(alignments.monotone.w1).toBeLessThanOrEqual(alignments.linear.w1 + 1e-6);
  });

  it("returns every β that it did not give up as the profile, smallest at the best", () => {
    const points = profile(found, "linear");
    const kept = found.filter((s) => !s.candidate.cut);
    expect(kept.length).toBeGreaterThan(found.length - 3);
    expect(points.map((p) => p.beta)).toEqual(kept.map((s) => s.candidate.beta));
    expect(Math.min(...points.map((p) => p.w1))).toBe(found[bestIndex(found, "linear")].alignments.linear.w1);
  });
});
