import { describe, expect, it } from "vitest";
import type { Cloud } from "../../probes/cloud.ts";
import type { LevelledFamily } from "../../src/comparison/comparison.ts";
import { type Contest, conclude } from "../../src/comparison/conclude.ts";
import { contextSentence } from "../../src/comparison/context.ts";
import { nearestFamily } from "../../src/comparison/nearest-family.ts";
import { misplacedMass, observedSentence } from "../../src/comparison/observed-sentence.ts";
import { selectionAdds } from "../../src/comparison/selection-adds.ts";
import { sharesBasis } from "../../src/comparison/shared-basis.ts";
import type { FamilyFit, Observed } from "../../src/fit/fit-result.ts";
import { type Contestant, zBetween } from "../../src/levels/contestant.ts";
import type { UpdateRow } from "../../src/updates/update-row.ts";

// An example on each side of every number that chooses a sentence, as a number: a constant that is changed changes these.

const N = 40;

/** Squared error a pair and chord a token as parts of frozen's. */
function contestant(name: string, pairs: number, tokens: number): Contestant {
  const uneven = (i: number) => 1 + 0.02 * Math.sin(7 * i + name.length);
  const byToken = Float64Array.from({ length: N }, (_, i) => pairs * (N - 1) * uneven(i));
  const text = {
    ...{ w1: 1, pair_correlation: null, closest_1_percent: null, cluster_agreement: null, displacement_cosine: null },
    pairs: { n: N, total: byToken.reduce((a, b) => a + b) / 2, byToken },
    tokens: Float64Array.from({ length: N }, (_, i) => tokens * uneven(i)),
  };
  return { name, label: name, texts: [text] };
}

interface Case {
  readonly cosine?: number;
  readonly context?: number | null;
  readonly family?: readonly [number, number];
  readonly averaging?: readonly [number, number];
  readonly common?: readonly [number, number];
  readonly linear?: readonly [number, number];
}

/** A family that beats all that is held against it, but for what a case says. */
function concluded({ cosine = 0.9, context = null, family = [0.1, 0.1], ...others }: Case) {
  const { averaging = [1, 1], common = [1, 1], linear = [0.6, 0.6] } = others;
  const contest: Contest = {
    families: [{ ...contestant("sa", ...family), displacement_cosine: cosine, adds: null, ordered: true }],
    frozen: contestant("frozen", 1, 1),
    averaging: contestant("averaging", ...averaging),
    rivals: [contestant("common_motion", ...common), contestant("linear_map", ...linear)],
    ...{ sharedBasis: true, context },
  };
  return conclude(contest).conclusion;
}

describe("a conclusion changes", () => {
  it("where a predicted motion has a cosine of .5 with the real one", () => {
    expect(concluded({ cosine: 0.51 })).toBe("attention");
    expect(concluded({ cosine: 0.49 })).toBe("undecided");
  });

  it("where a hundredth of the updates depends on the other tokens", () => {
    expect(concluded({ context: 0.0101 })).toBe("attention");
    expect(concluded({ context: 0.0099 })).toBe("undecided");
  });

  it("where a richer map gives a twentieth more than a common motion", () => {
    const richer = (more: number) =>
      concluded({ family: [0.4, 0.9], common: [0.1, 0.1], linear: [0.1 - more, 0.1 - more] });
    expect(richer(0.049)).toBe("common_motion");
    expect(richer(0.051)).toBe("undecided");
  });

  it("where a family is two standard errors nearer than a rival", () => {
    const sa = contestant("sa", 0.1, 0.01);
    const z = (error: number) => zBetween(sa, contestant("linear_map", error, 0.6), "pairs")!;
    const errorAt = (wanted: number) => {
      let [lo, hi] = [0.1, 0.2];
      for (let k = 0; k < 60; k++) [lo, hi] = z((lo + hi) / 2) < wanted ? [(lo + hi) / 2, hi] : [lo, (lo + hi) / 2];
      return hi;
    };
    const beside = (wanted: number) => concluded({ family: [0.1, 0.01], linear: [errorAt(wanted), 0.6] });
    expect(beside(2.01)).toBe("attention");
    expect(beside(1.99)).toBe("undecided");
  });
});

describe("what is said of the context changes at a hundredth", () => {
  const row = (share: number) => ({ layer: 0, field: "sa", context_share: share, update: 0.2, null: 0.1 });

  it("of the updates", () => {
    expect(contextSentence([row(0.0099)])).toContain("hardly depend on the other tokens");
    expect(contextSentence([row(0.0101)])).toContain("of that change SA explains 20 %");
  });
});

describe("what is said of the layers", () => {
  const observed = (...mean_cosine: number[]) =>
    ({
      ...{ source: "x", texts: 1, n: [8], d: 4, layers: mean_cosine.map((_, k) => k), mean_cosine, sd_cosine: [] },
      ...{ mass: { "0.9": mean_cosine.map(() => 0) }, histograms: [], policy: {} },
    }) satisfies Observed;

  it("is that the mean cosine moves from a change of .02 on", () => {
    expect(observedSentence(observed(0.1, 0.119))).toContain("stays near 0.1");
    expect(observedSentence(observed(0.1, 0.121))).toContain("rises from 0.1 to 0.12");
    expect(observedSentence(observed(0.5, 0.479))).toContain("falls from 0.5 to 0.48");
  });

  it("is that it has a peak where that is .05 above both ends", () => {
    expect(observedSentence(observed(0.1, 0.351, 0.3))).toContain("with a peak of 0.35 at layer 1");
    expect(observedSentence(observed(0.1, 0.349, 0.3))).not.toContain("peak");
  });

  it("is that clusters are missed from half a percent of the pairs and a factor of one and a half on", () => {
    const said = (seen: number, predicted: number) => {
      const family = { name: "sa", mass: { "0.9": [0, predicted] } } as unknown as FamilyFit;
      return misplacedMass({ ...observed(0, 0.5), mass: { "0.9": [0, seen] } }, family);
    };
    expect(said(0, 0.0049)).toBeNull();
    expect(said(0, 0.0051)).toContain("where the network has 0 %");
    expect(said(0.2, 0.299)).toBeNull();
    expect(said(0.2, 0.301)).toBe("SA puts 30 % of the pairs above .9 at the end, where the network has 20 %");
    expect(said(0.301, 0.2)).toContain("SA puts 20 %");
  });
});

describe("layers share a basis", () => {
  /** Two layers: x, then R x with every token turned by one angle in a plane, drawn a part of the way to a direction beside it. */
  function steps(angle: number, kept: number): { readonly n: number; readonly d: number; readonly clouds: Cloud[] } {
    const [c, s, off] = [Math.cos(angle), Math.sin(angle), Math.sqrt(1 - kept ** 2)];
    const first = [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ];
    const cloud = (rows: readonly (readonly number[])[]): Cloud => ({ n: 4, d: 3, x: Float64Array.from(rows.flat()) });
    const turned = first.map(([a, b]) => [kept * (c * a - s * b), kept * (s * a + c * b), off]);
    return { n: 4, d: 3, clouds: [cloud(first.map(([a, b]) => [a, b, 0])), cloud(turned)] };
  }

  it("where tokens have a mean cosine of .5 with themselves, whatever a rotation would bring back", () => {
    expect(sharesBasis(steps(Math.acos(0.51), 1))).toBe(true);
    expect(sharesBasis(steps(Math.acos(0.49), 1))).toBe(false);
  });

  it("below that where a rotation takes away less than three quarters of how far they are apart", () => {
    // Half a turn: tokens are 1 + k apart and 1 − k after the best rotation, a quarter of it at k = .6.
    expect(sharesBasis(steps(Math.PI, 0.59))).toBe(true);
    expect(sharesBasis(steps(Math.PI, 0.61))).toBe(false);
  });
});

describe("selection among tokens adds", () => {
  const row = (field: string, added: number, more: Partial<UpdateRow> = {}) =>
    ({ text: 0, layer: 0, field, added, added_interval: [0.01, 1], null: 0.05, ...more }) as UpdateRow;
  const map = row("linear_map", 0.02);

  it("where it is more than chance", () => {
    expect(selectionAdds([row("sa", 0.051), map], [], 0, "sa")).toBe(true);
    expect(selectionAdds([row("sa", 0.049), map], [], 0, "sa")).toBe(false);
  });

  it("where it is more than a linear map of each token", () => {
    expect(selectionAdds([row("sa", 0.2), row("linear_map", 0.19)], [], 0, "sa")).toBe(true);
    expect(selectionAdds([row("sa", 0.2), row("linear_map", 0.21)], [], 0, "sa")).toBe(false);
  });

  it("where it is so beyond doubt in some step", () => {
    expect(selectionAdds([row("sa", 0.2, { added_interval: [-0.01, 0.4] }), map], [], 0, "sa")).toBe(false);
    expect(selectionAdds([row("sa", 0.2), row("sa", 0.2, { added_interval: null }), map], [], 0, "sa")).toBe(true);
  });

  it("is not known of what was not measured", () => {
    expect(selectionAdds([map], [], 0, "sa")).toBeNull();
    expect(selectionAdds([row("sa", 0.2)], [], 1, "sa")).toBeNull();
  });

  it("where it is more than in the same network untrained", () => {
    expect(selectionAdds([row("sa", 0.2), map], [{ draw: 0, ...row("sa", 0.19) }], 0, "sa")).toBe(true);
    expect(selectionAdds([row("sa", 0.2), map], [{ draw: 0, ...row("sa", 0.21) }], 0, "sa")).toBe(false);
    expect(selectionAdds([row("sa", 0.2), map], [{ draw: 0, ...row("usa", 0.21) }], 0, "sa")).toBe(true);
    const draws = (...added: number[]) => added.map((value, draw) => ({ draw, ...row("sa", value) }));
    // Each draw by itself: the mean over draws would be below.
    expect(selectionAdds([row("sa", 0.2), map], draws(0.01, 0.21, 0.02), 0, "sa")).toBe(false);
    expect(selectionAdds([row("sa", 0.2), map], draws(0.01, 0.19, 0.02), 0, "sa")).toBe(true);
  });
});

describe("the family that is spoken of", () => {
  const family = (name: string, w1: number, pair_skill: number | null) => ({ name, w1, pair_skill }) as LevelledFamily;
  const frozen = family("frozen", 9, null);

  it("is the best one that moves, else the nearest pair by pair, else by histograms", () => {
    const both = [family("sa", 0.1, 0.4), family("usa", 0.2, 0.5), frozen];
    expect(nearestFamily(both, "sa")?.name).toBe("sa");
    expect(nearestFamily(both, "frozen")?.name).toBe("usa");
    expect(nearestFamily([family("sa", 0.2, null), family("usa", 0.1, null), frozen], "frozen")?.name).toBe("usa");
    expect(nearestFamily([frozen], "frozen")).toBeUndefined();
  });
});
