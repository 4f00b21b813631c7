import { beforeAll, describe, expect, it } from "vitest";
import { TokensphereError } from "../../models/errors.ts";
import { DYNAMICS } from "../../sim/dynamics/dynamics-table.ts";
import { fit } from "../../src/comparison/fit.ts";
import { renderSvg } from "../../src/draw/render.ts";
import { runFigures } from "../../src/figures/run-figures.ts";
import type { FitResult } from "../../src/fit/fit-result.ts";
import {
  FAMILIES,
  type Family,
  familyLabel,
  familyNamed,
  familyOf,
  familyStyles,
  movingFamilies,
} from "../../src/laws/families.ts";
import { reportHtml } from "../../src/report/report.ts";
import { familyTable } from "../../src/terminal/summary.ts";
import { simulateFamily } from "../../src/trajectories/simulate-family.ts";
import { evenTimes, reorderLayers, simulatedStates } from "./simulated-states.ts";

const QUICK = { bootstrap: 0, betaMin: 0.5, betaMax: 4 } as const;
const GATHERING = { dynamics: "sa", beta: 2, n: 12, d: 6, seed: 3, times: evenTimes(3, 2) } as const;
const KRAUSE: Family = { ...familyOf("sa"), name: "my_krause", label: "Krause", colour: "#123456", dash: [4, 4] };

function failure(work: () => unknown): TokensphereError {
  try {
    work();
  } catch (error) {
    if (error instanceof TokensphereError) return error;
  }
  throw new Error("did not fail");
}

describe("a family by name", () => {
  it("is found in the table, then among those handed over, with hyphens for underscores", () => {
    expect(FAMILIES.map(({ name }) => name)).toEqual(["sa", "usa", "averaging", "frozen"]);
    expect(familyNamed("usa").label).toBe("USA");
    expect(familyNamed("SA").name).toBe("sa");
    expect(familyNamed("my-krause", [KRAUSE])).toBe(KRAUSE);
    expect(familyNamed("sa", [{ ...KRAUSE, name: "sa" }]).label).toBe("SA");
  });

  it("that is not there ends in one line of usage that lists those that are", () => {
    const { kind, message } = failure(() => familyNamed("sea", [KRAUSE]));
    expect(kind).toBe("usage");
    expect(message).toMatch(
      /^family: sea\. use sa, usa, averaging, frozen, sa_causal, .*, sa_ramp, sa_own, my_krause$/,
    );
  });
});

describe("a family of any dynamics", () => {
  it("is called by its name in capitals, or by a label of its own", () => {
    expect(familyOf("usa_preln")).toMatchObject({ name: "usa_preln", label: "USA_PRELN" });
    const own = { ...DYNAMICS.sa_causal, name: "my_own", label: "mine" };
    expect(familyOf(own)).toMatchObject({ name: "my_own", label: "mine", dynamics: own });
  });

  it("looks like no other of the first sixteen, nor like one of the table", () => {
    const looks = [...FAMILIES, ...Array.from({ length: 16 }, (_, k) => familyOf(`d${k}`, k))];
    expect(new Set(looks.map(({ colour, dash }) => `${colour} ${dash}`)).size).toBe(FAMILIES.length + 16);
    expect(looks.slice(4, 8).every(({ colour }) => FAMILIES.every((one) => one.colour !== colour))).toBe(true);
  });

  it("of the table keeps the table's looks, which old files that hold no style get back", () => {
    const [sa, usa] = FAMILIES;
    expect(familyOf("sa")).toMatchObject({ label: "SA", colour: sa.colour, dash: sa.dash });
    const read = familyStyles([{ name: "usa" }, { name: "one" }, { name: "two" }, KRAUSE]);
    expect(read[0]).toMatchObject({ label: "USA", colour: usa.colour, width: usa.width });
    expect(read[1]).toEqual({ name: "one", ...looksOf(familyOf("one", 0)) });
    expect(read[2]).toEqual({ name: "two", ...looksOf(familyOf("two", 1)) });
    expect(read[3]).toMatchObject({ label: "Krause", colour: "#123456" });
    expect(familyLabel({ name: "frozen" })).toBe("frozen");
  });
});

function looksOf({ label, colour, dash, width }: Family) {
  return { label, colour, dash, width };
}

describe("the families asked for", () => {
  it("are those that move, in the order asked for: the baseline and averaging come by themselves", () => {
    expect(movingFamilies(["frozen", KRAUSE, "averaging", "sa"]).map(({ name }) => name)).toEqual(["my_krause", "sa"]);
  });

  it.each([
    ["an unknown name", ["sa", "sea"], "family: sea. use sa, usa, averaging, frozen, sa_causal"],
    ["none that moves", ["frozen", "averaging"], "families: none that moves. give at least one, such as sa, usa"],
    [
      "the name of the rival",
      [{ ...KRAUSE, name: "averaging" }],
      "families: averaging is the name of another curve. give the dynamics another name",
    ],
    ["one twice", ["sa", "usa", "sa"], "families: sa twice. give each once"],
    [
      "the name of another curve",
      [{ ...KRAUSE, name: "observed" }],
      "families: observed is the name of another curve. give the dynamics another name",
    ],
  ])("are refused in one line of usage: %s", async (_what, families, message) => {
    expect(failure(() => movingFamilies(families))).toMatchObject({
      kind: "usage",
      message: expect.stringContaining(message),
    });
    await expect(fit([await simulatedStates({ ...GATHERING, n: 4 })], { families })).rejects.toThrow(message);
  });
});

describe("a fit of one family", () => {
  let result: FitResult;
  beforeAll(async () => {
    result = await fit([await simulatedStates(GATHERING)], { ...QUICK, families: ["sa"] });
  });

  it("holds it and the baseline, and sets it against no other", () => {
    expect(result.families.map(({ name }) => name)).toEqual(["sa", "frozen"]);
    expect(result.alternatives.map(({ name }) => name)).toEqual(["sa"]);
    expect(result.verdict).toMatch(
      /SA at β = 2\S* .*moves the tokens as the network does: .*; nothing without attention comes as near\./,
    );
    expect(result.verdict).not.toContain("USA");
  });

  it("is drawn and reported alone", async () => {
    const { figures, html } = await reported(result);
    for (const { svg, caption } of figures) expect(svg + caption).not.toContain("USA");
    expect(html).toContain("self-attention (SA) predicts from the same start at its fitted times");
  });
});

describe("a third family, of a dynamics of the simulator", () => {
  // SA backwards in time is repulsive SA: states of gathering tokens in reverse order are its own, at the same β.
  let result: FitResult;
  beforeAll(async () => {
    const spreading = reorderLayers(await simulatedStates(GATHERING), [3, 2, 1, 0]);
    const stages = new Set<string>();
    const families = ["sa", "usa", familyOf("sa_repulsive")];
    result = await fit([spreading], { ...QUICK, families, progress: (_fraction, stage) => stages.add(stage) });
    expect([...stages]).toEqual(["fitting sa", "fitting usa", "fitting sa_repulsive", "updates", "comparing"]);
  });

  it("is found where it is the truth, with its β, and judged against the others", () => {
    expect(result.families.map(({ name }) => name)).toEqual(["sa", "usa", "sa_repulsive", "frozen"]);
    expect(result.best).toBe("sa_repulsive");
    const [, , own] = result.families;
    expect(Math.abs(own.beta! / GATHERING.beta - 1)).toBeLessThan(0.03);
    expect(own.skill!).toBeGreaterThan(0.98);
    expect(result.verdict).toMatch(
      /SA, V = −I at β = .*moves the tokens as the network does: .*; SA gives .*; USA gives /,
    );
    expect(result.verdict).not.toMatch(/NaN|undefined|null/);
  });

  it("carries its looks into fit.json, for readers that do not have the dynamics", () => {
    const read = JSON.parse(JSON.stringify(result)) as FitResult;
    const { label, colour, dash, width } = familyOf("sa_repulsive");
    expect(read.families[2]).toMatchObject({ label, colour, dash, width });
    expect(read.alternatives[2]).toMatchObject({ label, colour, dash, width });
  });

  it("has its own colour and label in every figure of the fit, in the report and on the terminal", async () => {
    const { figures, html } = await reported(result);
    const { colour } = familyOf("sa_repulsive");
    const drawn = figures.filter(({ name }) => name !== "effectiveRankByLayer");
    expect(drawn.map(({ name }) => name)).toEqual(["layerHistograms", "w1ByLayer", "betaProfile", "timeByLayer"]);
    for (const { svg, name } of drawn) {
      expect(svg, name).toContain("SA, V = −I");
      expect(svg.toUpperCase(), name).toContain(colour);
    }
    expect(html).toContain(
      "self-attention (SA), unnormalized self-attention (USA) and self-attention away from what it sees (SA, V = −I) predict",
    );
    expect(html).toMatch(/<b>SA, V = −I<\/b> <small>best/);
    expect(familyTable(result).join("\n")).toMatch(/^ *sa_repulsive +\d/m);
  });
});

describe("a family whose tokens leave the sphere", () => {
  it("is followed by their directions", async () => {
    const [{ x }] = (await simulatedStates({ ...GATHERING, times: [0, 1] })).layers;
    const cloud = { n: 12, d: 6, x };
    const lengths: number[] = [];
    await simulateFamily(
      familyOf("sa_preln"),
      { n: 12, d: 6, clouds: [cloud] },
      [1],
      { times: [0, 1, 2] },
      {
        save: (_system, _index, _t, { n, d, x }) => {
          for (let i = 0; i < n; i++) lengths.push(Math.hypot(...x.subarray(i * d, (i + 1) * d)));
        },
      },
    );
    expect(lengths).toHaveLength(36);
    for (const length of lengths) expect(length).toBeCloseTo(1, 12);
  });
});

/** The figures and the report of a run that has this fit alone. */
async function reported(result: FitResult) {
  const histograms = { format: "tokensphere/histograms", version: 1, edges: result.edges, texts: [] } as const;
  const run = { metrics: [], histograms, fit: result };
  const named = runFigures(run);
  const figures = await Promise.all(named.map(async (one) => ({ ...one, svg: await renderSvg(one.spec) })));
  return { figures, html: reportHtml({ ...run, title: "t", manifest: {}, figures }) };
}
