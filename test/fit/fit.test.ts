import { beforeAll, describe, expect, it } from "vitest";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { fit } from "../../src/comparison/fit.ts";
import type { FamilyName, FitResult } from "../../src/fit/fit-result.ts";
import { observeTexts } from "../../src/fit/observe.ts";
import { fitResultSchema } from "./fit-result-schema.ts";
import { evenTimes, independentStates, reorderLayers, simulatedStates } from "./simulated-states.ts";

const QUICK = { bootstrap: 0, updates: false } as const;
const SMALL = { dynamics: "sa", beta: 3, n: 20, d: 8, seed: 3 } as const;
const BENT = evenTimes(6, 1).map((s) => 2.5 * s * s);

function familyOf(result: FitResult, name: FamilyName) {
  return result.families.find((f) => f.name === name)!;
}

describe("the result of a fit", () => {
  let result: FitResult;
  beforeAll(async () => {
    result = await fit([await simulatedStates({ ...SMALL, times: evenTimes(4, 2) })], { bootstrap: 10, source: "x" });
  });

  it("keeps its promise of keys and numbers, through JSON, without NaN", () => {
    expect(() => fitResultSchema.parse(JSON.parse(JSON.stringify(result)))).not.toThrow();
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it("names SA, USA and frozen, and one of them best", () => {
    expect(result.families.map((f) => f.name)).toEqual(["sa", "usa", "frozen"]);
    expect(result.families.map((f) => f.name)).toContain(result.best);
    expect(result.alternatives.map((f) => f.name)).toEqual(["sa", "usa"]);
  });

  it("has β inside its interval for each moving family", () => {
    for (const { beta, beta_interval } of result.families.slice(0, 2)) {
      const [lo, hi] = beta_interval!;
      expect(lo).toBeLessThanOrEqual(beta!);
      expect(hi).toBeGreaterThanOrEqual(beta!);
    }
  });

  it("has one value a layer of everything by layer, times from 0 on and never back", () => {
    const layers = result.observed.layers.length;
    for (const f of [...result.families, ...result.alternatives]) {
      for (const list of [f.w1_by_layer, f.mean_cosine, f.sd_cosine, f.histograms, f.time.values]) {
        expect(list).toHaveLength(layers);
      }
      expect([f.w1_by_layer[0], f.time.values[0]]).toEqual([0, 0]);
      expect([...f.time.values].sort((a, b) => a - b)).toEqual(f.time.values);
    }
  });

  it("starts every family from what was observed at the first layer", () => {
    for (const f of result.families) {
      // Simulated in span coordinates, which keep inner products to rounding.
      expect(Math.abs(f.mean_cosine[0] - result.observed.mean_cosine[0])).toBeLessThan(1e-12);
    }
  });

  it("has the mean over later layers as w1 and the skill that follows from it", () => {
    const frozen = familyOf(result, "frozen");
    for (const f of result.families) {
      const later = f.w1_by_layer.slice(1);
      expect(f.w1).toBeCloseTo(later.reduce((a, b) => a + b, 0) / later.length, 12);
      expect(f.skill).toBeCloseTo(1 - f.w1 / frozen.w1, 12);
    }
  });

  it("shows the other time map beside the chosen one", () => {
    for (const [i, f] of result.alternatives.entries()) {
      expect(f.time.map).not.toBe(result.families[i].time.map);
    }
  });

  it("is the same for the same seed, to the last digit", async () => {
    const states = await simulatedStates({ ...SMALL, times: evenTimes(3, 2), n: 10 });
    const [a, b] = [await fit([states], { bootstrap: 5, seed: 4 }), await fit([states], { bootstrap: 5, seed: 4 })];
    expect(a).toEqual(b);
  });
});

describe("what no dynamics made", () => {
  it("is not explained: layers that know nothing of each other leave little skill", async () => {
    const result = await fit([independentStates(6, 20, 8, 5)], QUICK);
    const [sa, usa] = result.families;
    // Some is left: any drift of the mean from an unlucky first cloud is an improvement on not moving.
    if (result.best !== "frozen") expect(Math.max(sa.skill_held_out ?? 0, usa.skill_held_out ?? 0)).toBeLessThan(0.35);
    expect(result.conclusion).not.toBe("attention");
    expect(result.verdict).toMatch(/ nearer than nothing moving/);
  });

  it("is told from what one made: layers in another order are fitted worse", async () => {
    const states = await simulatedStates({ ...SMALL, times: evenTimes(6, 2.4) });
    const [straight, shuffled] = [states, reorderLayers(states, [0, 4, 2, 6, 1, 5, 3])];
    const [good, bad] = [await fit([straight], QUICK), await fit([shuffled], QUICK)];
    expect(familyOf(good, "sa").skill!).toBeGreaterThan(0.98);
    expect(familyOf(bad, "sa").skill!).toBeLessThan(0.8);
    expect(familyOf(bad, "sa").skill_held_out!).toBeLessThan(0.6);
  });

  it("is called frozen where nothing moves", async () => {
    const still = reorderLayers(independentStates(1, 10, 6, 2), [0, 0, 0, 0]);
    const result = await fit([still], QUICK);
    expect(result.best).toBe("frozen");
    expect(familyOf(result, "frozen").w1).toBe(0);
    expect(result.families.every((f) => f.skill === null && f.skill_held_out === null)).toBe(true);
    expect(result.verdict).toContain("No inner product changes between the layers");
    expect(() => fitResultSchema.parse(result)).not.toThrow();
  });

  it("is called frozen where layers differ by rounding alone", async () => {
    // Layer by layer another multiple of one cloud: the same directions, but inner products off by the last digits.
    const { layers, ...rest } = independentStates(1, 10, 6, 2);
    const [first] = layers;
    const nearly = [1, 1 / 3, 0.7, 5 / 7].map((factor, layer) => ({ layer, x: first.x.map((v) => factor * v) }));
    const result = await fit([{ ...rest, layers: nearly }], QUICK);
    expect(familyOf(result, "frozen").w1).toBeGreaterThan(0);
    expect(result.best).toBe("frozen");
    expect(result.verdict).toContain("No inner product changes between the layers");
  });

  it("is called frozen where tokens only spread out: SA draws them together", async () => {
    // At small β all draw together; at large β a first cloud of a few clumps would leave something to gain.
    const gathering = await simulatedStates({ ...SMALL, beta: 1, times: evenTimes(5, 2.5) });
    const result = await fit([reorderLayers(gathering, [5, 4, 3, 2, 1, 0])], QUICK);
    expect(result.best).toBe("frozen");
    expect(result.verdict).toContain("None of SA and USA is nearer than nothing moving");
  });
});

describe("the search and the prediction", () => {
  // Uniform tokens that gather, the same in reverse order, and noise: USA at large β is stiff and must not mislead.
  it.each(["straight", "reversed", "independent"])("agree on how far the best of each family is: %s", async (how) => {
    const gathering = await simulatedStates({ ...SMALL, beta: 1, times: evenTimes(5, 2.5) });
    const states = {
      straight: gathering,
      reversed: reorderLayers(gathering, [5, 4, 3, 2, 1, 0]),
      independent: independentStates(6, 20, 8, 6),
    }[how]!;
    const result = await fit([states], QUICK);
    for (const { name, w1, profile } of [...result.families.slice(0, 2), ...result.alternatives]) {
      const searched = Math.min(...profile.map((p) => p.w1));
      // All pairs are measured at this size: what differs is interpolation between frames (see frames.test.ts).
      expect(Math.abs(searched - w1), name).toBeLessThan(5e-4);
    }
  });
});

describe("a time that does not run evenly", () => {
  it("is found by the monotone map and not by the linear one", async () => {
    const states = await simulatedStates({ ...SMALL, n: 24, times: BENT });
    const result = await fit([states], QUICK);
    const sa = familyOf(result, "sa");
    expect(sa.time.map).toBe("monotone");
    // As closely as the search and the interpolation between frames allow; measured 0.1 %.
    expect(Math.abs(sa.beta! / SMALL.beta - 1)).toBeLessThan(0.03);
    sa.time.values.forEach((t, k) => {
      expect(Math.abs(t - BENT[k])).toBeLessThan(0.03 * 2.5);
    });
    const linear = result.alternatives.find((f) => f.name === "sa")!;
    expect(linear.time.map).toBe("linear");
    expect(linear.w1).toBeGreaterThan(20 * sa.w1);
  });

  it("is not looked for where linear time is asked for", async () => {
    const states = await simulatedStates({ ...SMALL, n: 12, times: BENT });
    const result = await fit([states], { ...QUICK, time: "linear" });
    expect(result.families.slice(0, 2).map((f) => f.time.map)).toEqual(["linear", "linear"]);
  });
});

describe("texts of different length", () => {
  it("share one β and one time, and are found by it", async () => {
    const times = evenTimes(4, 2);
    const texts = await Promise.all([12, 20].map((n, i) => simulatedStates({ ...SMALL, n, seed: 20 + i, times })));
    const result = await fit(texts, { bootstrap: 5 });
    const sa = familyOf(result, "sa");
    expect(result.observed).toMatchObject({ texts: 2, n: [12, 20] });
    expect(result.best).toBe("sa");
    expect(Math.abs(sa.beta! / SMALL.beta - 1)).toBeLessThan(0.02);
    expect(sa.skill!).toBeGreaterThan(0.98);
  });
});

describe("more tokens than the search measures", () => {
  it("are fitted by a sample of pairs and judged by all", async () => {
    const states = await simulatedStates({ ...SMALL, n: 140, d: 6, times: evenTimes(2, 1) });
    const result = await fit([states], { ...QUICK, betaMin: 2, betaMax: 4.5 });
    expect(result.observed.n).toEqual([140]);
    expect(Math.abs(familyOf(result, "sa").beta! / SMALL.beta - 1)).toBeLessThan(0.03);
  });
});

describe("a fit that is asked for what cannot be", () => {
  it.each<[object, string]>([
    [{ betaMin: 5, betaMax: 1 }, "betaMin, betaMax: 5, 1. give 0 < betaMin < betaMax"],
    [{ betaMin: 0 }, "betaMin, betaMax: 0, 60. give 0 < betaMin < betaMax"],
    [{ bootstrap: -1 }, "bootstrap: -1. give a whole number from 0 on"],
  ])("is refused: %j", async (options, message) => {
    await expect(fit([independentStates(2, 4, 3, 1)], options)).rejects.toMatchObject({ kind: "usage", message });
  });
});

describe("a fit from a later layer", () => {
  it("simulates from there", async () => {
    const states = await simulatedStates({ ...SMALL, n: 12, times: evenTimes(5, 2.5) });
    const behind = { ...states, layers: states.layers.slice(2) };
    const asked = observeTexts([states], defaultPolicy, 2);
    expect(asked.layers).toEqual([2, 3, 4, 5]);
    // States that begin there, as those saved without an embedding, need no asking.
    expect(observeTexts([behind], defaultPolicy)).toEqual(asked);
    const result = await fit([behind], QUICK);
    expect(result.observed.layers).toEqual([2, 3, 4, 5]);
    expect(familyOf(result, "sa").time.values[3]).toBeCloseTo(1.5, 1);
    expect(() => observeTexts([behind], defaultPolicy, 0)).toThrow(/^start layer: 0\. .* the states have 2, 3, 4, 5$/);
  });
});
