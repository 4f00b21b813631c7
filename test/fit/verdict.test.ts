import { describe, expect, it } from "vitest";
import type { FamilyFit, FamilyName, Observed } from "../../src/fit/fit-result.ts";
import { pickBest, verdict } from "../../src/fit/verdict.ts";

const observed: Observed = {
  source: "states",
  texts: 1,
  n: [40],
  d: 16,
  layers: [0, 1, 2, 3],
  mean_cosine: [0.1, 0.2, 0.4, 0.6],
  sd_cosine: [0.2, 0.2, 0.2, 0.2],
  mass: { "0.9": [0, 0, 0.02, 0.25], "0.99": [0, 0, 0, 0], "0.999": [0, 0, 0, 0] },
  histograms: [],
  policy: {},
};

interface Scores {
  readonly skill: number | null;
  readonly heldOut?: number | null;
  readonly warnings?: readonly string[];
  readonly profile?: FamilyFit["profile"];
  /** Predicted share of the pairs above .9 at the last layer. */
  readonly near?: number;
}

function family(
  name: FamilyName,
  { skill, heldOut = skill, warnings = [], profile = [], near = 0.25 }: Scores,
): FamilyFit {
  const frozen = name === "frozen";
  const w1 = skill === null ? 0 : 0.2 * (1 - skill);
  return {
    name,
    beta: frozen ? null : 3.1372,
    beta_interval: frozen ? null : [2.5, 4],
    time: { map: "linear", values: [0, 1, 2, 3] },
    w1,
    w1_by_layer: [0, w1, w1, w1],
    skill,
    skill_held_out: heldOut,
    w1_held_out: null,
    complexity: 2,
    profile,
    mean_cosine: [],
    sd_cosine: [],
    mass: { "0.9": [0, 0, 0, near] },
    histograms: [],
    warnings,
  };
}

function families(sa: Scores, usa: Scores, frozen: Scores = { skill: 0 }): FamilyFit[] {
  return [family("sa", sa), family("usa", usa), family("frozen", frozen)];
}

function words(all: readonly FamilyFit[], of: Observed = observed): string {
  return verdict(of, all, pickBest(all));
}

describe("the best family", () => {
  it("is the one with more skill on left-out layers, not on fitted ones", () => {
    expect(pickBest(families({ skill: 0.9, heldOut: 0.4 }, { skill: 0.7, heldOut: 0.6 }))).toBe("usa");
  });

  it("is judged by the fitted layers where none can be left out", () => {
    expect(pickBest(families({ skill: 0.9, heldOut: null }, { skill: 0.7, heldOut: null }))).toBe("sa");
  });

  it.each([
    ["worse than the baseline", -0.4],
    ["equal to it", 0],
    ["better by a hair", 0.009],
    ["not defined", null],
  ])("is frozen where every skill is %s", (_what, skill) => {
    expect(pickBest(families({ skill }, { skill: -1 }))).toBe("frozen");
  });
});

describe("the verdict", () => {
  it("says of a good fit what β is, how sure, and how much closer it comes", () => {
    const said = words(families({ skill: 0.95 }, { skill: 0.7 }));
    expect(said).toContain("SA at β = 3.14 (95 % interval 2.5 to 4) describes the layers closely");
    expect(said).toContain("on layers left out of the fit it comes 95 % closer than assuming that nothing moves");
    expect(said).toContain("; USA 70 %.");
  });

  it("says first what was observed", () => {
    expect(words(families({ skill: 0.95 }, { skill: 0.7 }))).toMatch(
      /^From layer 0 to layer 3 the mean cosine of the 40 tokens rises from 0\.1 to 0\.6; at the end 25 % of the pairs lie above \.9\. /,
    );
    const falling = { ...observed, mean_cosine: [0.6, 0.4, 0.2, 0.1], texts: 3, n: [40, 30, 20] };
    expect(words(families({ skill: 0.9 }, { skill: 0.7 }), falling)).toContain(
      "the mean cosine of the tokens of 3 texts falls from 0.6 to 0.1",
    );
    const still = { ...observed, mean_cosine: [0.1, 0.8, 0.2, 0.11] };
    expect(words(families({ skill: 0.9 }, { skill: 0.7 }), still)).toContain(
      "stays near 0.1, with a peak of 0.8 at layer 1",
    );
  });

  it("says in words that no family beats frozen, with their skills", () => {
    const said = words(families({ skill: -0.2 }, { skill: 0.004 }));
    expect(said).toContain("No family predicts the layers better than assuming that nothing moves after the first one");
    expect(said).toContain("(skill SA -20 %, USA 0.4 %)");
    expect(said).toContain("this theory does not describe this network");
    expect(said).not.toContain("β =");
  });

  it("does not call one of two equal families better", () => {
    const said = words(families({ skill: 0.801 }, { skill: 0.8 }));
    expect(said).toContain("USA does as well, so the two cannot be told apart here");
  });

  it("says that nothing moves where every layer is like the first", () => {
    const said = words(families({ skill: null }, { skill: null }, { skill: null }));
    expect(said).toContain("Nothing moves between the layers, so there is nothing for a dynamics to explain.");
    expect(said).not.toContain("does not describe");
  });

  it.each([
    [0.95, "describes the layers closely"],
    [0.6, "describes much of what the layers do"],
    [0.3, "describes a part of what the layers do"],
    [0.1, "describes little of what the layers do"],
  ])("grades a skill of %f: %s", (skill, grade) => {
    expect(words(families({ skill }, { skill: 0 }))).toContain(grade);
  });

  it("says that layers were fitted, not left out, where there are too few to leave one out", () => {
    const said = words(families({ skill: 0.9, heldOut: null }, { skill: 0.5, heldOut: null }));
    expect(said).toContain("on the layers fitted it comes 90 % closer");
    expect(said).not.toContain("left out");
  });

  it("says what plain averaging already does, where β adds little", () => {
    const profile = [{ beta: 0.05, w1: 0.02 }];
    const said = words(families({ skill: 0.95, profile }, { skill: 0.7 }));
    expect(said).toMatch(/Mind this: plain averaging \(β = 0\.05\) already comes 90 % closer\.$/);
    const needed = [{ beta: 0.05, w1: 0.15 }];
    expect(words(families({ skill: 0.95, profile: needed }, { skill: 0.7 }))).not.toContain("averaging");
  });

  it("says where predicted clusters are not the network's", () => {
    const said = words(families({ skill: 0.95, near: 0.5 }, { skill: 0.7 }));
    expect(said).toMatch(/Mind this: SA puts 50 % of the pairs above \.9 at the end, where the network has 25 %\.$/);
    expect(words(families({ skill: 0.95, near: 0.3 }, { skill: 0.7 }))).not.toContain("puts");
  });

  it("ends with the first warning of the winner, and with no other's", () => {
    const warned = families(
      { skill: 0.9, warnings: ["SA: the profile is flat", "SA: second"] },
      { skill: 0.3, warnings: ["USA: edge"] },
    );
    expect(words(warned)).toMatch(/Mind this: SA: the profile is flat\.$/);
    expect(words(warned)).not.toMatch(/second|edge/);
  });

  it("never rounds a skill below 1 up to 100 %, nor one above 0 down to 0 %", () => {
    expect(words(families({ skill: 0.99999 }, { skill: 0.7 }))).toContain("99.99 % closer");
    expect(words(families({ skill: 0.9 }, { skill: 0.00001 }))).toContain("USA less than 0.01 %");
  });

  it("sets one family against no other", () => {
    const said = words([family("sa", { skill: 0.95 }), family("frozen", { skill: 0 })]);
    expect(said).toMatch(/it comes 95 % closer than assuming that nothing moves\.$/);
  });

  it("names of more than two the runner-up first, then the others with their skills", () => {
    const of = (skill: number) => [...families({ skill: 0.95 }, { skill: 0.2 }), family("krause", { skill })];
    expect(words(of(0.6))).toContain("nothing moves; next KRAUSE 60 %, USA 20 %.");
    expect(words(of(0.945))).toContain("; KRAUSE does as well, so the two cannot be told apart here; USA 20 %.");
    const all = [...families({ skill: 0.95 }, { skill: 0.949 }), family("krause", { skill: 0.948 })];
    expect(words(all)).toContain("; USA and KRAUSE do as well, so they cannot be told apart here.");
  });

  it("calls only attention at β near 0 plain averaging: another family is said to be what it is", () => {
    const profile = [{ beta: 0.05, w1: 0.02 }];
    const own = { ...family("my_krause", { skill: 0.95, profile }), label: "Krause" };
    expect(words([...families({ skill: 0.5 }, { skill: 0.4 }), own])).toMatch(
      /Mind this: Krause at β = 0\.05 already comes 90 % closer\.$/,
    );
  });

  it("is one line of sentences, none with NaN or null in it", () => {
    for (const skill of [-0.5, 0, 0.3, 0.99, null]) {
      expect(words(families({ skill }, { skill: 0.1 }))).not.toMatch(/NaN|null|undefined|\n/);
    }
  });
});
