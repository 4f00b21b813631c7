import { beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { searchGap } from "../../src/alignment/bootstrap.ts";
import { contendersOf } from "../../src/alignment/contenders.ts";
import { type BetaSpread, betaSpread, type Resampled } from "../../src/fit/beta-spread.ts";
import { binText } from "../../src/fit/bin-text.ts";
import { bestIndex, searchBeta } from "../../src/fit/search.ts";
import { searchTexts, triedOf } from "../../src/fit/text-betas.ts";
import { familyOf } from "../../src/laws/families.ts";
import { fitProblem } from "./fit-problem.ts";
import { evenTimes, simulatedStates } from "./simulated-states.ts";

const TRUTH = { dynamics: "sa", beta: 2, times: evenTimes(4, 2), n: 14, d: 6 } as const;
const RANGE = { betaMin: 0.5, betaMax: 8, perOctave: 2, refinements: 3 };

/** What `fit` makes of states before it resamples, under the linear map. */
async function searched(...batches: readonly HiddenStates[]): Promise<Resampled> {
  const problem = fitProblem(...batches);
  const family = familyOf("sa");
  const map = "linear";
  const found = await searchBeta(problem, family, RANGE);
  const tried = triedOf(found, map);
  const contenders = contendersOf(tried);
  const binned = await Promise.all(
    problem.texts.map((text, i) => binText(text, problem.targets[i].plan, family, contenders)),
  );
  const betas = tried.map(({ beta }) => beta);
  const gap = searchGap(
    betas,
    tried.map(({ w1 }) => w1),
  );
  const { beta } = found[bestIndex(found, map)].candidate;
  const range = [RANGE.betaMin, RANGE.betaMax] as const;
  return {
    problem,
    family,
    map,
    beta,
    corrected: { beta, deviations: [], left: null },
    gap,
    range,
    contenders,
    binned,
    searches: await searchTexts(problem, family, found, map),
  };
}

function spread(of: Resampled, replicates: number, seed: number): Promise<BetaSpread> {
  return betaSpread(of, replicates, randomSource(seed));
}

describe("the intervals of β from resampled tokens", () => {
  let of: Resampled;
  beforeAll(async () => {
    // Every other token comes from another run, so that tokens disagree and the interval has a width to show.
    const [a, b] = await Promise.all([8, 9].map((seed) => simulatedStates({ ...TRUTH, seed })));
    const layers = a.layers.map(({ layer, x }, k) => ({
      layer,
      x: x.map((value, e) => (Math.floor(e / TRUTH.d) % 2 === 0 ? value : b.layers[k].x[e])),
    }));
    of = await searched({ ...a, layers });
  });

  it("contain the estimate, and each the one of a lower level", async () => {
    const { intervals } = await spread(of, 40, 1);
    const ends = ["95", "80", "50"].map((level) => intervals![level as "95"]);
    for (const [lo, hi] of ends) {
      expect(lo).toBeLessThan(of.beta);
      expect(hi).toBeGreaterThan(of.beta);
    }
    expect(ends.map(([lo]) => lo)).toEqual(ends.map(([lo]) => lo).sort((a, b) => a - b));
    expect(ends.map(([, hi]) => hi)).toEqual(ends.map(([, hi]) => hi).sort((a, b) => b - a));
  });

  it("are the same for the same seed", async () => {
    expect(await spread(of, 15, 3)).toEqual(await spread(of, 15, 3));
  });

  it("end between the values that were tried too: their widths follow the spread, not the search", async () => {
    const [lo, hi] = (await spread(of, 40, 4)).intervals!["95"];
    expect(of.searches[0].tried.map(({ beta }) => beta)).not.toContain(lo);
    expect(hi / lo).toBeGreaterThan(Math.exp(2 * of.gap));
  });

  it("are never narrower than what the search leaves open, even with one resample", async () => {
    const [lo, hi] = (await spread(of, 1, 5)).intervals!["95"];
    // An eighth of the spacing is its standard error.
    for (const side of [of.beta / lo, hi / of.beta])
      expect(Math.log(side)).toBeGreaterThanOrEqual((1.96 / 8) * of.gap * (1 - 1e-12));
  });

  it("are around the β that is corrected for noise: of its spread where it is all that is missed, else of the wider one", async () => {
    const [low, high] = (await spread(of, 40, 4)).intervals!["95"];
    const search = (1.96 / 8) * of.gap;
    // A draw and its mirror image are one: Student's quantiles of two and of four degrees of freedom, as tables have them.
    for (const [pairs, quantile] of [
      [2, 4.3027],
      [4, 2.7764],
    ]) {
      for (const [noise, left] of [
        [0.1, 3],
        [1e-4, 3],
        [1e-4, 1.51],
        [1e-4, 1.49],
        [0.1, 1],
      ]) {
        const deviations = Array.from({ length: pairs }, () => [noise, -noise]).flat();
        const corrected = { beta: 1.1 * of.beta, deviations, left };
        const [lo, hi] = (await spread({ ...of, corrected }, 40, 4)).intervals!["95"];
        for (const [side, before] of [
          [corrected.beta / lo, of.beta / low],
          [hi / corrected.beta, high / of.beta],
        ]) {
          const resampled = Math.sqrt(Math.log(before) ** 2 - search ** 2);
          const expected = left < 1.5 ? quantile * noise : Math.max(resampled, quantile * noise);
          expect(Math.log(side)).toBeCloseTo(Math.hypot(expected, search), 10);
        }
      }
    }
  });

  it("are none of fewer than five tokens, and some of five", async () => {
    const [four, five] = await Promise.all([4, 5].map((n) => simulatedStates({ ...TRUTH, n, seed: 3 })));
    expect((await spread(await searched(four), 10, 7)).intervals).toBeNull();
    expect((await spread(await searched(five), 10, 7)).intervals).not.toBeNull();
  });
});

describe("the interval of β from resampled texts", () => {
  it("contains the truth where five texts share it, and each text by itself gives it", async () => {
    const small = { ...TRUTH, n: 10, times: evenTimes(3, 1.5) };
    const five = await searched(
      ...(await Promise.all([1, 2, 3, 4, 5].map((seed) => simulatedStates({ ...small, seed })))),
    );
    const { intervals, texts, agree } = await spread(five, 40, 1);
    const [lo, hi] = intervals!["95"];
    expect(lo).toBeLessThanOrEqual(TRUTH.beta);
    expect(hi).toBeGreaterThanOrEqual(TRUTH.beta);
    // An octave cut in two, then in three three times: 1.3 %.
    for (const { beta } of texts) expect(Math.abs(beta! / TRUTH.beta - 1)).toBeLessThan(0.02);
    expect(agree).toMatchObject({ df: 4, agree: true });
  });
});

describe("two texts of different β", () => {
  it("are told to disagree, each with its own", async () => {
    const states = await Promise.all(
      [0.8, 5].map((beta, i) => simulatedStates({ ...TRUTH, beta, n: 16, seed: 20 + i })),
    );
    const { texts, agree } = await spread(await searched(...states), 30, 1);
    // Far from the best of both the search is made finer for each: to a ninth of half an octave, 4 %.
    expect(Math.abs(texts[0].beta! / 0.8 - 1)).toBeLessThan(0.04);
    expect(Math.abs(texts[1].beta! / 5 - 1)).toBeLessThan(0.04);
    expect(agree).toMatchObject({ df: 1, agree: false });
    expect(agree!.p).toBeLessThan(1e-6);
  });
});
