import { describe, expect, it } from "vitest";
import type { Alignment } from "../../src/alignment/align.ts";
import type { Candidate } from "../../src/alignment/candidate.ts";
import type { Searched } from "../../src/fit/evaluate.ts";
import { checkWarnings, familyWarnings, isDetermined } from "../../src/fit/warnings.ts";
import { familyOf } from "../../src/laws/families.ts";

const LAYERS = [0, 1, 2, 3, 4, 5, 6];

interface Shape {
  /** Mean W1 at each β. */
  readonly profile: readonly (readonly [beta: number, w1: number])[];
  readonly times?: readonly number[];
  readonly horizon?: number;
  /** Whether simulations were given up at the horizon. */
  readonly cut?: boolean;
}

function candidateAt(beta: number, w1: number, horizon: number, cut: boolean): Candidate {
  return {
    beta,
    cut,
    grid: Float64Array.of(0),
    horizon,
    cost: () => w1,
    ofTexts: () => candidateAt(beta, w1, horizon, cut),
    against: () => candidateAt(beta, w1, horizon, cut),
  };
}

/** A search of which only profile, times and horizon matter. */
function searched({ profile, times = LAYERS, horizon = 100, cut = false }: Shape): Searched[] {
  return profile.map(([beta, w1]) => {
    const alignment: Alignment = { times, costs: [], w1 };
    return {
      candidate: candidateAt(beta, w1, horizon, cut),
      tables: { linear: new Float64Array(), monotone: new Float64Array() },
      alignments: { linear: alignment, monotone: alignment },
    };
  });
}

const SHARP = [
  [0.5, 0.3],
  [1, 0.1],
  [2, 0.01],
  [4, 0.1],
  [8, 0.3],
] as const;

function warningsOf(shape: Shape, interval: readonly [number, number] | null = null): string {
  return familyWarnings(familyOf("sa"), searched(shape), "monotone", LAYERS, interval).join("\n");
}

describe("warnings of a family", () => {
  it("are none where the profile is sharp inside the range searched", () => {
    expect(warningsOf({ profile: SHARP }, [1.8, 2.2])).toBe("");
  });

  it("tell a flat profile and how far it is flat", () => {
    const flat = SHARP.map(([beta]) => [beta, beta === 2 ? 0.1 : 0.104] as const);
    expect(warningsOf({ profile: flat })).toContain(
      "SA: the profile is flat, every β from 0.50 to 8.0 fits within 5 % of the best",
    );
  });

  it("tell an interval that spans more than a factor of four", () => {
    expect(warningsOf({ profile: SHARP }, [1, 5])).toContain("its interval runs from 1.0 to 5.0");
  });

  it.each([
    ["lower", SHARP.slice(2)],
    ["upper", SHARP.slice(0, 3)],
  ])("tell that the best β is the %s end of the range", (_which, profile) => {
    expect(warningsOf({ profile })).toContain("the best β 2.00 lies at the edge of the range searched");
  });

  it("tell that the last layer lies at the end of the simulated time", () => {
    expect(warningsOf({ profile: SHARP, horizon: 6 })).toContain("end of the simulated time 6.00");
  });

  it("tell that the time is 0 everywhere, in place of what then means nothing", () => {
    const said = warningsOf({ profile: SHARP.map(([beta]) => [beta, 0.1]), times: LAYERS.map(() => 0) });
    expect(said).toContain("SA: the best time is 0 at every layer, so nothing moves and β means nothing");
    expect(said).not.toContain("flat");
  });

  it("tell a time that stops halfway", () => {
    expect(warningsOf({ profile: SHARP, times: [0, 1, 2, 2, 2, 2, 2] })).toContain(
      "SA: its time all but stops after layer 2",
    );
  });
});

describe("a warning of a family comes", () => {
  const profile = (w1: number, betas = [0.5, 1, 2, 4.1, 8]) =>
    betas.map((beta, k) => [beta, [0.3, w1, 0.01, w1, 0.3][k]] as const);

  it("where values within 5 % of the best span a factor of more than 4", () => {
    expect(warningsOf({ profile: profile(0.010499) })).toContain("the profile is flat, every β from 1.0 to 4.1");
    expect(warningsOf({ profile: profile(0.010501) })).toBe("");
    expect(warningsOf({ profile: profile(0.0102, [0.5, 1, 2, 3.99, 8]) })).toBe("");
  });

  it("where an interval spans a factor of more than 4", () => {
    expect(warningsOf({ profile: SHARP }, [1, 4.01])).toContain("β is poorly determined");
    expect(warningsOf({ profile: SHARP }, [1, 3.99])).toBe("");
  });

  it("where the best β is within 5 % of an end", () => {
    const from = (least: number) => warningsOf({ profile: [[least, 0.1], ...SHARP.slice(2)] });
    expect(from(2 / 1.049)).toContain("lies at the edge of the range searched");
    expect(from(2 / 1.051)).toBe("");
    const to = (most: number) => warningsOf({ profile: [...SHARP.slice(0, 3), [most, 0.1]] });
    expect(to(2 * 1.049)).toContain("lies at the edge of the range searched");
    expect(to(2 * 1.051)).toBe("");
  });

  it("where less than 3 % of the time is left halfway", () => {
    const at = (middle: number) =>
      warningsOf({ profile: SHARP, times: [0, 20, 40, middle, 98, 99, 100], horizon: 1e3 });
    expect(at(97.1)).toContain("its time all but stops after layer 3");
    expect(at(96.9)).toBe("");
  });

  it("where the last layer lies within a thousandth of the end of the simulated time", () => {
    expect(warningsOf({ profile: SHARP, horizon: 6.005 })).toContain("end of the simulated time");
    expect(warningsOf({ profile: SHARP, horizon: 6.007 })).toBe("");
  });
});

describe("simulations that were given up", () => {
  it("before the times that would fit leave β undetermined, and it is said; at earlier times they leave it as it is", () => {
    const given = searched({ profile: SHARP, horizon: 6, cut: true });
    expect(isDetermined(given, "monotone")).toBe(false);
    expect(familyWarnings(familyOf("sa"), given, "monotone", LAYERS, null)).toContain(
      "SA: β is not determined, near 2.00 simulations were given up before the times of the last layers",
    );
    expect(isDetermined(searched({ profile: SHARP, horizon: 7, cut: true }), "monotone")).toBe(true);
    expect(isDetermined(searched({ profile: SHARP, horizon: 6 }), "monotone")).toBe(true);
  });
});

describe("warnings of the checks", () => {
  const text = { text: 0, n: 20, beta: 2, beta_interval: null, w1: 0.01, skill: 0.9 };
  const fine: Parameters<typeof checkWarnings>[1] = {
    beta: 2,
    beta_interval: [1.8, 2.2],
    beta_intervals: { "50": [1.95, 2.05], "80": [1.9, 2.1], "95": [1.8, 2.2] },
    beta_next_start: { layer: 1, beta: 2.1 },
    beta_corrected: null,
    texts: [text, { ...text, text: 1, beta: 2.2 }],
    texts_agree: { q: 1, df: 1, p: 0.3, agree: true },
    null_skill: 0.4,
    null_p: 0.005,
    null_p_error: 0.005,
    null_orders: 199,
  };
  const n = (count: number) => ({ n: count, d: 4, clouds: [] });
  const said = (change: Partial<typeof fine>, texts = [n(20), n(20)]) =>
    checkWarnings(familyOf("sa"), { ...fine, ...change }, { texts, layers: LAYERS });

  it("are none where texts agree, the next start gives the same and no order of the layers fits as well", () => {
    expect(said({})).toEqual([]);
  });

  it("tell a β that noise moved out of its interval, and not one within", () => {
    const beta_corrected = { beta: 2.4, noise: 0.1 };
    expect(said({ beta_corrected })).toEqual([]);
    expect(said({ beta_corrected, beta_interval: [2.2, 2.6], beta_next_start: null })).toEqual([
      "SA: noise of 0.10 in every layer, the first included, moves β to 2.00; its interval is around 2.40, where that is allowed for",
    ]);
  });

  it("tell texts that disagree, with what each gives", () => {
    const texts = [text, { ...text, beta: 8 }];
    expect(said({ texts, texts_agree: { q: 90, df: 1, p: 1e-9, agree: false } })).toEqual([
      "SA: the texts disagree about β, alone they give 2.0 to 8.0 (Cochran's Q, p < .001), so no one value holds for all",
    ]);
  });

  it.each([
    [2.25, false],
    [2.4, true],
    [1.6, true],
  ])("tell a next start that gives β = %f, by the interval widened for the spread of both: %s", (beta, told) => {
    const found = said({ beta_next_start: { layer: 1, beta } }).join();
    expect(found.includes("noise in the first layer, or what is peculiar to it")).toBe(told);
  });

  it("tell orders that fit as well, and too few of them to tell", () => {
    expect(said({ null_p: 0.06 })).toEqual([
      "SA: layers in random order are fitted as well (p = .06), so their order tells nothing",
    ]);
    expect(said({ null_p: null })).toEqual(["SA: 7 layers have too few orders to say what chance would fit"]);
  });

  it("call orders as good from p = .05 on, and texts short below five tokens", () => {
    expect(said({ null_p: 0.05 })).toEqual([]);
    expect(said({ null_p: 0.0501 }).join()).toContain("layers in random order are fitted as well");
    expect(said({ beta_intervals: null, beta_interval: null }, [n(5)])).toEqual([]);
  });

  it("leave out differences of 2 % between starts, however narrow the interval", () => {
    const next = (beta: number) => said({ beta_interval: [1.999, 2.001], beta_next_start: { layer: 1, beta } }).length;
    // √2 times .02 in ln β.
    expect([next(2 * Math.exp(0.028)), next(2 * Math.exp(0.029))]).toEqual([0, 1]);
  });

  it("tell a text of fewer than five tokens where it left no interval", () => {
    expect(said({ beta_intervals: null, beta_interval: null }, [n(4)])).toEqual([
      "SA: a text of fewer than 5 tokens, so β has no interval",
    ]);
    expect(said({}, [n(4)])).toEqual([]);
  });
});
