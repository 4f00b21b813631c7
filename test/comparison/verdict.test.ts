import { describe, expect, it } from "vitest";
import type { ComparedFit, RivalFit } from "../../src/comparison/comparison.ts";
import { type Findings, verdict } from "../../src/comparison/verdict.ts";
import { brief } from "../../src/report/brief.ts";
import { smallRun } from "../figures/small-run.ts";

/** What is found where frozen is the best although the nearest family is so many standard errors nearer than it. */
function found(frozenZ: number, unbeaten: readonly string[]): { readonly whole: string; readonly short: string } {
  const { fit } = smallRun({ best: "frozen" });
  const rival = { rival: true, w1_skill: 0.1, pair_skill: 0.2, token_skill: null, pair_z: 0, token_z: null };
  const rivals = [
    { ...rival, name: "frozen", label: "nothing moving", pair_z: frozenZ },
    { ...rival, name: "averaging", label: "averaging" },
  ] as readonly RivalFit[];
  const comparison = { conclusion: "undecided", conclusions: [], tie: [], rivals, basis: null, ceiling: null } as const;
  const concluded = { best: "frozen", unbeaten: { pairs: unbeaten, tokens: [] } };
  const { observed, families } = fit;
  const findings = { observed, families, comparison, held_out: [], concluded, beside: [] } as unknown as Findings;
  return { whole: verdict(findings), short: brief({ ...fit, conclusion: "undecided", rivals } as ComparedFit)! };
}

describe("where random orders of the layers are fitted as well", () => {
  it("a family that is nearer than nothing moving is not said to be no nearer", () => {
    const { whole, short } = found(4.6, ["averaging"]);
    expect(whole).toContain("but layers in a random order are fitted as well, and pair by pair averaging does as well");
    expect(found(4.6, []).whole).toContain("but layers in a random order are fitted as well. So these layers");
    expect(short).toMatch(/ Layers in a random order are fitted as well, so these layers are no evidence/);
    for (const said of [whole, short]) expect(said).not.toContain("nearer than nothing moving");
  });

  it("one that is not clearly nearer is", () => {
    const { whole, short } = found(1.9, []);
    expect(whole).toContain("nearer than nothing moving");
    expect(short).toContain("None is nearer than nothing moving");
  });
});
