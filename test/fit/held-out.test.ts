import { beforeAll, describe, expect, it } from "vitest";
import { align, costTable } from "../../src/fit/align.ts";
import type { Candidate } from "../../src/fit/candidate.ts";
import { familyOf } from "../../src/fit/families.ts";
import { frozenHeldOut, heldOutDistance } from "../../src/fit/held-out.ts";
import type { FitProblem, Searched } from "../../src/fit/search.ts";
import { bestIndex, searchBeta, TIME_MAPS } from "../../src/fit/search.ts";
import { fitProblem } from "./fit-problem.ts";
import { evenTimes, independentStates, reorderLayers, simulatedStates } from "./simulated-states.ts";

const RANGE = { betaMin: 1, betaMax: 4, perOctave: 1, refinements: 2 };

async function searched(problem: FitProblem): Promise<Searched[]> {
  return searchBeta(problem, familyOf("sa"), RANGE);
}

describe("the distance on left-out layers", () => {
  let problem: FitProblem;
  let found: Searched[];
  beforeAll(async () => {
    problem = fitProblem(
      await simulatedStates({ dynamics: "sa", beta: 2, times: evenTimes(5, 2), n: 12, d: 5, seed: 5 }),
    );
    found = await searched(problem);
  });

  it("is small where the theory is true and time even", () => {
    const frozen = problem.fractions.map((_, k) => (k === 0 ? 0 : found[0].candidate.cost(k, 0)));
    for (const map of TIME_MAPS) {
      const distance = heldOutDistance(problem, found, map)!;
      expect(distance).toBeLessThan(0.1 * frozenHeldOut(problem, frozen)!);
    }
  });

  it("is not below what fitting the same layers reaches, under the linear map", () => {
    const best = found[bestIndex(found, "linear")];
    const inner = best.alignments.linear.costs.slice(1, -1);
    const fitted = inner.reduce((a, b) => a + b, 0) / inner.length;
    expect(heldOutDistance(problem, found, "linear")!).toBeGreaterThan(0.5 * fitted);
  });

  it("grows when two inner layers change places: their neighbours no longer foretell them", async () => {
    const straight = await simulatedStates({ dynamics: "sa", beta: 2, times: evenTimes(5, 2), n: 12, d: 5, seed: 5 });
    const mixed = fitProblem(reorderLayers(straight, [0, 3, 2, 1, 4, 5]));
    const distance = heldOutDistance(mixed, await searched(mixed), "monotone")!;
    expect(distance).toBeGreaterThan(5 * heldOutDistance(problem, found, "monotone")!);
  });

  it("is null where nothing lies between the first and the last layer", async () => {
    const two = fitProblem(independentStates(2, 6, 4, 1));
    expect(heldOutDistance(two, await searched(two), "linear")).toBeNull();
    expect(frozenHeldOut(two, [0, 1])).toBeNull();
  });
});

describe("a left-out layer", () => {
  it("is judged by what it misses its own place by, the others having set the time", () => {
    // Layer k of the candidate is right at time k, layer 2 only half a unit early: whichever layer is left out, the rest say 4.
    const right = [0, 1, 1.5, 3, 4];
    const candidate: Candidate = {
      beta: 1,
      grid: Float64Array.from({ length: 101 }, (_, i) => i / 20),
      horizon: 5,
      cost: (layer, t) => Math.abs(t - right[layer]),
    };
    const fractions = right.map((_, k) => k / 4);
    const tables = { linear: costTable(candidate, "linear", fractions), monotone: new Float64Array() };
    const linear = align(candidate, "linear", fractions, tables.linear);
    const problem = { texts: [], targets: [], layers: [0, 1, 2, 3, 4], fractions, untilMeanCosine: 1 };
    const found = [{ candidate, tables, alignments: { linear, monotone: linear } }];
    expect(heldOutDistance(problem, found, "linear")).toBeCloseTo(0.5 / 3, 6);
  });
});

describe("the baseline on left-out layers", () => {
  it("is the mean over the inner layers", () => {
    expect(frozenHeldOut({ fractions: [0, 0.25, 0.5, 1] }, [0, 0.1, 0.3, 9])).toBeCloseTo(0.2, 12);
  });
});
