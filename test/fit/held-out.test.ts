import { beforeAll, describe, expect, it } from "vitest";
import { align, costTable } from "../../src/alignment/align.ts";
import type { Candidate } from "../../src/alignment/candidate.ts";
import type { FitProblem, Searched } from "../../src/fit/evaluate.ts";
import { TIME_MAPS } from "../../src/fit/evaluate.ts";
import {
  frozenHeldOut,
  frozenRows,
  heldOutLastThird,
  heldOutLayers,
  heldOutRow,
  heldOutTexts,
} from "../../src/fit/held-out.ts";
import { bestIndex, searchBeta } from "../../src/fit/search.ts";
import { familyOf } from "../../src/laws/families.ts";
import { FINE } from "../../src/trajectories/frames.ts";
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
      const distance = heldOutLayers(problem, found, map)!.w1;
      expect(distance).toBeLessThan(0.1 * frozenHeldOut(problem, frozen)!);
    }
  });

  it("is not below what fitting the same layers reaches, under the linear map", () => {
    const best = found[bestIndex(found, "linear")];
    const inner = best.alignments.linear.costs.slice(1, -1);
    const fitted = inner.reduce((a, b) => a + b, 0) / inner.length;
    expect(heldOutLayers(problem, found, "linear")!.w1).toBeGreaterThan(0.5 * fitted);
  });

  it("grows when two inner layers change places: their neighbours no longer foretell them", async () => {
    const straight = await simulatedStates({ dynamics: "sa", beta: 2, times: evenTimes(5, 2), n: 12, d: 5, seed: 5 });
    const mixed = fitProblem(reorderLayers(straight, [0, 3, 2, 1, 4, 5]));
    const distance = heldOutLayers(mixed, await searched(mixed), "monotone")!.w1;
    expect(distance).toBeGreaterThan(5 * heldOutLayers(problem, found, "monotone")!.w1);
  });

  it("is null where nothing lies between the first and the last layer", async () => {
    const two = fitProblem(independentStates(2, 6, 4, 1));
    expect(heldOutLayers(two, await searched(two), "linear")).toBeNull();
    expect(frozenHeldOut(two, [0, 1])).toBeNull();
  });
});

describe("a left-out layer", () => {
  it("is judged by what it misses its own place by, the others having set the time", () => {
    // Layer k of the candidate is right at time k, layer 2 only half a unit early: whichever layer is left out, the rest say 4.
    const right = [0, 1, 1.5, 3, 4];
    const candidate: Candidate = {
      beta: 1,
      cut: false,
      grid: Float64Array.from({ length: 101 }, (_, i) => i / 20),
      horizon: 5,
      cost: (layer, t) => Math.abs(t - right[layer]),
      ofTexts: () => candidate,
      against: () => candidate,
    };
    const fractions = right.map((_, k) => k / 4);
    const tables = { linear: costTable(candidate, "linear", fractions), monotone: new Float64Array() };
    const linear = align(candidate, "linear", fractions, tables.linear);
    const problem = {
      texts: [],
      targets: [],
      layers: [0, 1, 2, 3, 4],
      fractions,
      fine: FINE,
      untilMeanCosine: 1,
      change: 0.2,
    };
    const found = [{ candidate, tables, alignments: { linear, monotone: linear } }];
    const held = heldOutLayers(problem, found, "linear")!;
    expect(held.w1).toBeCloseTo(0.5 / 3, 6);
    // From the first layer to layers 1, 1.5 and 3.
    expect(held.baseline).toBeCloseTo(5.5 / 3, 6);
    expect(held.splits.map(({ layers }) => layers)).toEqual([[1], [2], [3]]);
  });
});

describe("the baseline on left-out layers", () => {
  it("is the mean over the inner layers", () => {
    expect(frozenHeldOut({ fractions: [0, 0.25, 0.5, 1] }, [0, 0.1, 0.3, 9])).toBeCloseTo(0.2, 12);
  });
});

describe("the last third of the layers", () => {
  const truth = { dynamics: "sa", beta: 2, n: 12, d: 5, seed: 5 } as const;

  it("is foretold by β and one step of those before, where the theory is true and time even", async () => {
    const problem = fitProblem(await simulatedStates({ ...truth, times: evenTimes(6, 2) }));
    const held = (await heldOutLastThird(problem, familyOf("sa"), await searched(problem)))!;
    expect(held.splits[0].layers).toEqual([5, 6]);
    // β lies within 4 % of the truth on this coarse search.
    expect(held.w1).toBeLessThan(0.1 * held.baseline);
    expect(held.splits[0].times[6]).toBeCloseTo(2, 0);
  });

  it("is not, where the layers turn back", async () => {
    const straight = await simulatedStates({ ...truth, times: evenTimes(6, 2) });
    const problem = fitProblem(reorderLayers(straight, [0, 1, 2, 3, 4, 2, 0]));
    const held = (await heldOutLastThird(problem, familyOf("sa"), await searched(problem)))!;
    expect(held.w1).toBeGreaterThan(held.baseline);
  });

  it("needs four layers", async () => {
    const three = fitProblem(independentStates(3, 6, 4, 1));
    const none = await heldOutLastThird(three, familyOf("sa"), await searched(three));
    expect(heldOutRow("last_third", "sa", none)).toMatchObject({ w1_skill: null, reason: "fewer than four layers" });
    const four = fitProblem(independentStates(4, 6, 4, 1));
    expect(await heldOutLastThird(four, familyOf("sa"), await searched(four))).not.toBeNull();
  });
});

describe("texts left out in turn", () => {
  const one = { dynamics: "sa", n: 12, d: 5, times: evenTimes(3, 2) } as const;
  const predicted = async (betas: readonly number[]) => {
    const problem = fitProblem(
      ...(await Promise.all(betas.map((beta, i) => simulatedStates({ ...one, beta, seed: 5 + i })))),
    );
    const found = await searched(problem);
    const alone = found.map(({ candidate }) =>
      betas.map((_, i) => {
        const own = candidate.ofTexts([i]);
        return align(own, "linear", problem.fractions, costTable(own, "linear", problem.fractions)).w1;
      }),
    );
    return heldOutTexts(problem, found, "linear", alone);
  };

  it("are foretold by the others where they share β and times, and worse where they do not", async () => {
    const [alike, apart] = [(await predicted([2, 2, 2]))!, (await predicted([1.2, 3.9]))!];
    expect(alike.splits.map(({ texts }) => texts)).toEqual([[0], [1], [2]]);
    expect(alike.w1).toBeLessThan(0.05 * alike.baseline);
    expect(apart.w1).toBeGreaterThan(3 * alike.w1);
    // Each is given the other's β, one of a search that is exact to 3 %.
    expect(apart.splits[0].beta! / 3.9).toBeGreaterThan(0.9);
    expect(apart.splits[1].beta! / 1.2).toBeLessThan(1.1);
  });

  it("need two texts", async () => {
    expect(heldOutRow("texts", "sa", await predicted([2]))).toMatchObject({ w1_skill: null, reason: "one text" });
  });
});

describe("the baseline on what is held out", () => {
  it("has skill 0 on each kind that there is, with the same parts, and a reason for each that there is not", () => {
    const problem = fitProblem(independentStates(5, 6, 4, 1));
    const rows = frozenRows(problem, null);
    expect(rows.map(({ kind, w1_skill, reason }) => [kind, w1_skill, reason])).toEqual([
      ["layers", 0, null],
      ["last_third", 0, null],
      ["texts", null, "one text"],
      ["tokens", null, "a text of fewer than four tokens"],
    ]);
    expect(rows[1].splits).toEqual([{ beta: null, times: [0, 0, 0, 0, 0], layers: [4], texts: [0], tokens: null }]);
  });
});
