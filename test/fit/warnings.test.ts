import { describe, expect, it } from "vitest";
import type { Alignment } from "../../src/fit/align.ts";
import { familyOf } from "../../src/fit/families.ts";
import type { Searched } from "../../src/fit/search.ts";
import { familyWarnings } from "../../src/fit/warnings.ts";

const LAYERS = [0, 1, 2, 3, 4, 5, 6];

interface Shape {
  /** Mean W1 at each β. */
  readonly profile: readonly (readonly [beta: number, w1: number])[];
  readonly times?: readonly number[];
  readonly horizon?: number;
}

/** A search of which only profile, times and horizon matter. */
function searched({ profile, times = LAYERS, horizon = 100 }: Shape): Searched[] {
  return profile.map(([beta, w1]) => {
    const alignment: Alignment = { times, costs: [], w1 };
    return {
      candidate: { beta, grid: Float64Array.of(0), horizon, cost: () => w1 },
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
