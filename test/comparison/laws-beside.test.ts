import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { RIVALS_TO_ASK } from "../../src/comparison/asked-rivals.ts";
import { fit } from "../../src/comparison/fit.ts";
import { rival } from "../../src/formats/fit-format.ts";
import { familyNamed, LAW_FAMILIES, type MovingFamily } from "../../src/laws/families.ts";
import { LAWS_BESIDE } from "../../src/laws/laws-beside.ts";
import { visitSimulated } from "../../src/trajectories/simulated-products.ts";
import { evenTimes, statesOf } from "../fit/simulated-states.ts";

const [N, D, BETA, RADIUS] = [12, 3, 2.5, 1.25] as const;
const QUICK = { bootstrap: 0, checks: false, time: "linear", betaMin: 2, betaMax: 3.1, updates: false } as const;

describe("laws that families are held against", () => {
  it("have names that are known", () => {
    const known = [...RIVALS_TO_ASK, ...LAW_FAMILIES].map(({ name }) => name);
    expect(LAWS_BESIDE.filter((name) => !known.includes(name))).toEqual([]);
  });

  it("are fitted with the same freedom and stand beside, the true one nearer; the Langevin law must be beaten", async () => {
    const krause = familyNamed("sa_krause") as MovingFamily;
    const text = { n: N, d: D, clouds: [{ n: N, d: D, x: uniformCloud(N, D, randomSource(5)).x }] };
    const layers: Float32Array[] = [];
    await visitSimulated(
      text,
      { ...krause, parameters: { radius: RADIUS } },
      BETA,
      evenTimes(3, 1.5),
      (k, { x }) => {
        layers[k] = Float32Array.from(x);
      },
      { tolerance: 1e-9, lift: true },
    );
    const law = { ...krause, free: { name: "radius", values: () => [1, 1.5] } };
    const found = await fit([statesOf(layers, N, D)], { ...QUICK, families: ["sa"], rivals: ["langevin", law] });
    for (const one of found.rivals ?? []) rival.parse(one);
    const row = (name: string) => found.rivals?.find((one) => one.name === name);
    expect(row("sa_krause")).toMatchObject({ rival: false, complexity: 3 });
    expect(row("sa_krause")?.law?.parameters?.radius).toBeCloseTo(RADIUS, 1);
    expect(row("sa_krause")?.pair_z).toBeLessThan(-2);
    expect(row("langevin")).toMatchObject({ rival: true, complexity: expect.any(Number) });
    expect(found.verdict).toMatch(
      /Other laws, pair by pair: Krause SA \(β = 2\.\d+, radius = 1\.\d+\) [\d.]+ %, nearer than SA\./,
    );
  });

  it("are none of the families", async () => {
    const still = statesOf(
      [0, 1].map(() => Float32Array.from(uniformCloud(5, D, randomSource(1)).x)),
      5,
      D,
    );
    await expect(fit([still], { ...QUICK, families: ["sa"], rivals: ["sa"] })).rejects.toThrow("families: sa twice");
  });
});
