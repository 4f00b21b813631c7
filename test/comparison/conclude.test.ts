import { describe, expect, it } from "vitest";
import { type Contest, conclude, type FamilyContestant, MUCH, SAME_WAY } from "../../src/comparison/conclude.ts";
import { NO_CONTEXT } from "../../src/comparison/context.ts";
import type { Contestant } from "../../src/levels/contestant.ts";
import type { TextLevels } from "../../src/levels/level-scores.ts";

const N = 40;

/**
 * A contestant whose squared error a pair and chord a token are given as parts of frozen's; what tokens differ by makes two contestants
 * `close`ly alike or not.
 */
function contestant(name: string, pairs: number | null, tokens: number | null, spread = 0.02): Contestant {
  const uneven = (i: number) => 1 + spread * Math.sin(7 * i + name.length);
  const byToken = Float64Array.from({ length: N }, (_, i) => (pairs ?? 0) * (N - 1) * uneven(i));
  const levels: TextLevels = {
    w1: 1,
    pairs: pairs === null ? null : { n: N, total: byToken.reduce((a, b) => a + b) / 2, byToken },
    tokens: tokens === null ? null : Float64Array.from({ length: N }, (_, i) => tokens * uneven(i)),
    pair_correlation: null,
    closest_1_percent: null,
    cluster_agreement: null,
    displacement_cosine: null,
  };
  return { name, label: name, texts: [levels] };
}

function family(name: string, pairs: number, tokens: number, cosine = 0.9): FamilyContestant {
  return { ...contestant(name, pairs, tokens), displacement_cosine: cosine, adds: null, ordered: true };
}

interface Others {
  readonly averaging?: readonly [number, number];
  readonly common?: readonly [number, number];
  readonly linear?: readonly [number, number];
  readonly reshape?: number;
}

function contest(
  families: readonly FamilyContestant[],
  { averaging = [0.6, 0.6], common = [0.6, 0.6], linear = [0.6, 0.6], reshape = 0.6 }: Others = {},
): Contest {
  return {
    families,
    frozen: contestant("frozen", 1, 1),
    averaging: contestant("averaging", ...averaging),
    rivals: [
      contestant("common_motion", ...common),
      contestant("linear_map", ...linear),
      contestant("reshape", reshape, null),
    ],
    sharedBasis: true,
    context: null,
  };
}

describe("a family that beats every rival at pairs and at tokens", () => {
  it("is attention, where tokens go the way it sends them", () => {
    expect(conclude(contest([family("sa", 0.1, 0.1)]))).toEqual({
      conclusion: "attention",
      best: "sa",
      tie: [],
      unbeaten: { pairs: [], tokens: [] },
    });
  });

  it.each([
    ["just above one half", SAME_WAY + 0.01, "attention"],
    ["at one half", SAME_WAY, "undecided"],
  ])("with a displacement cosine %s", (_where, cosine, conclusion) => {
    const others = { averaging: [1, 1], common: [1, 1] } as const;
    expect(conclude(contest([family("sa", 0.1, 0.1, cosine)], others)).conclusion).toBe(conclusion);
  });

  it.each([
    ["hardly", NO_CONTEXT / 2, "undecided"],
    ["clearly", NO_CONTEXT * 2, "attention"],
  ])("is attention only where its updates depend %s on the other tokens", (_how, context, conclusion) => {
    const others = { averaging: [1, 1], common: [1, 1] } as const;
    expect(conclude({ ...contest([family("sa", 0.1, 0.1)], others), context }).conclusion).toBe(conclusion);
  });

  it("is none where layers in a random order fit as well", () => {
    const others = { averaging: [1, 1], common: [1, 1] } as const;
    const found = conclude(contest([{ ...family("sa", 0.1, 0.1), ordered: false }], others));
    expect(found.best).toBe("frozen");
    expect(found.conclusion).not.toBe("attention");
  });

  it("is attention too where another family does as well", () => {
    const found = conclude(contest([family("sa", 0.1, 0.1), family("usa", 0.1, 0.1)]));
    expect(found.conclusion).toBe("attention");
    expect([...found.tie].sort()).toEqual(["sa", "usa"]);
  });
});

describe("a family that does not", () => {
  it.each<[string, Others, readonly string[], readonly string[]]>([
    ["averaging", { averaging: [0.1, 0.1] }, ["averaging"], ["averaging"]],
    ["a common motion", { common: [0.05, 0.05] }, ["common_motion"], ["common_motion"]],
    ["a linear map at tokens alone", { linear: [0.6, 0.05] }, [], ["linear_map"]],
    ["a function of the pair's own product", { reshape: 0.05 }, ["reshape"], []],
  ])("is no attention: %s", (_what, others, pairs, tokens) => {
    const { conclusion, unbeaten } = conclude(contest([family("sa", 0.1, 0.1)], others));
    expect(conclusion).not.toBe("attention");
    expect(unbeaten).toEqual({ pairs, tokens });
  });

  it("is averaging where averaging ties", () => {
    const { conclusion } = conclude(contest([family("sa", 0.1, 0.1)], { averaging: [0.1, 0.1] }));
    expect(conclusion).toBe("averaging");
  });

  it("is common motion where that wins", () => {
    const { conclusion } = conclude(contest([family("sa", 0.4, 0.9)], { common: [0.1, 0.1] }));
    expect(conclusion).toBe("common_motion");
  });

  it.each([
    ["a little", MUCH - 0.01, "common_motion"],
    ["much", MUCH + 0.01, "undecided"],
  ])("is common motion still where a richer map gives %s more", (_what, more, conclusion) => {
    const others = { common: [0.1, 0.1], linear: [0.1 - more, 0.1 - more] } as const;
    expect(conclude(contest([family("sa", 0.4, 0.9)], others)).conclusion).toBe(conclusion);
  });

  it("is undecided where only places contradict averaging", () => {
    const others = { averaging: [0.1, 1.1], linear: [0.1, 0.3] } as const;
    expect(conclude(contest([family("sa", 0.1, 1.1)], others)).conclusion).toBe("undecided");
  });

  it("is nothing where neither it nor averaging nor a common motion is nearer than nothing moving", () => {
    const others = { averaging: [1, 1], common: [1, 1], linear: [0.9, 0.9] } as const;
    const found = conclude(contest([family("sa", 1.2, 1.1)], others));
    expect(found).toMatchObject({ conclusion: "none", best: "frozen", tie: [] });
  });
});

describe("layers without a common basis", () => {
  const without = (adds: boolean | null, others: Others = {}): Contest => ({
    ...contest([{ ...family("sa", 0.1, 5), displacement_cosine: null, adds }], others),
    sharedBasis: false,
  });

  it("are judged by pairs and by what selection adds to the updates", () => {
    expect(conclude(without(true)).conclusion).toBe("attention");
    expect(conclude(without(false, { averaging: [1, 1], common: [1, 1] })).conclusion).toBe("undecided");
    expect(conclude(without(true, { linear: [0.05, 0.6] })).conclusion).not.toBe("attention");
  });
});
