import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { simulateNoisy } from "../../sim/simulate/noisy.ts";
import { fitFamilies } from "../../src/fit/fit.ts";
import { familyNamed, type MovingFamily } from "../../src/laws/families.ts";
import { visitSimulated } from "../../src/trajectories/simulated-products.ts";
import { evenTimes, statesOf } from "../fit/simulated-states.ts";

const [D, BETA] = [3, 2.5] as const;
/** Tokens; of a noisy path more, since chance weighs less then. */
const tokensOf = (name: string): number => (name === "sa_noisy" ? 40 : 8);
const QUICK = { bootstrap: 0, checks: false, time: "linear", betaMin: 2, betaMax: 3.1 } as const;

/** What is searched beside β: the truth, and values that do not hold it, so few that a test is quick. */
const FREE: Readonly<Record<string, { readonly truth: number; readonly values: readonly number[] }>> = {
  kappa: { truth: 30, values: [10, 80] },
  radius: { truth: 1.25, values: [1, 1.5] },
  growth: { truth: 0.5, values: [0, 1] },
};

/** A family of the table; what is searched beside β within a few values. */
function quick(name: string): MovingFamily {
  const family = familyNamed(name) as MovingFamily;
  const { free } = family;
  return free ? { ...family, free: { ...free, values: () => FREE[free.name].values } } : family;
}

/** A network whose law is this one. */
async function statesUnder(name: string): Promise<HiddenStates> {
  const family = quick(name);
  const N = tokensOf(name);
  const { free } = family;
  const truth = free ? { ...family, parameters: { [free.name]: FREE[free.name].truth } } : family;
  const text = { n: N, d: D, clouds: [{ n: N, d: D, x: uniformCloud(N, D, randomSource(5)).x }] };
  const layers: Float32Array[] = [];
  const keep = (k: number, { x }: { readonly x: ArrayLike<number> }) => {
    layers[k] = Float32Array.from(x);
  };
  if (family.noisy) {
    // Another path than the fit's: its numbers come from another seed.
    const systems = [{ beta: BETA, x0: text.clouds[0].x, seed: 77 }];
    const noisy = {
      dynamics: "sa",
      n: N,
      d: D,
      systems,
      kappa: FREE.kappa.truth,
      step: 0.01,
      times: evenTimes(3, 1.5),
    };
    await simulateNoisy(noisy, { save: (_system, k, _t, cloud) => keep(k, cloud) });
    return statesOf(layers, N, D);
  }
  await visitSimulated(text, truth, BETA, evenTimes(3, 1.5), keep, { tolerance: 1e-9, lift: true });
  return statesOf(layers, N, layers[0].length / N);
}

/** One of each kind: bench/families.mjs has them all. */
const KINDS = ["sa_causal", "sa_repulsive", "sa_preln", "sa_sqrt", "sa_noisy", "sa_krause", "sa_ramp"];

describe("a law that tokens moved by", () => {
  it.each(KINDS)("%s is found, with β and what is searched beside it; SA is not", async (name) => {
    const { result } = await fitFamilies([await statesUnder(name)], { ...QUICK, families: [quick(name), "sa"] });
    const [own, sa] = result.families;
    // A path of noise is one of many: forty tokens tell β to this, and of κ that it is within a factor of five.
    const [ofBeta, ofFree] = name === "sa_noisy" ? [0.3, Math.log(5)] : [0.02, 0.06];
    expect(Math.abs(own.beta! / BETA - 1)).toBeLessThan(ofBeta);
    for (const [key, value] of Object.entries(own.parameters ?? {}))
      expect(Math.abs(Math.log(value / FREE[key].truth)), key).toBeLessThan(ofFree);
    expect(own.w1).toBeLessThan(sa.w1 * (name === "sa_noisy" ? 1 : 0.5));
  });

  it("is not found where SA is the truth", async () => {
    const names = ["sa", "sa_causal", "sa_preln", "sa_sqrt"];
    const { result } = await fitFamilies([await statesUnder("sa")], { ...QUICK, families: names });
    const [sa, ...others] = result.families;
    for (const { name, w1 } of others) expect(w1, name).toBeGreaterThan(5 * sa.w1);
  });
});

describe("a network whose tokens see only what comes before them", () => {
  it("is fitted by causal attention and causal averaging unless families are asked for, which is recorded", async () => {
    const states = await statesUnder("sa_causal");
    const { result, families } = await fitFamilies([states], { ...QUICK, causal: true });
    expect(result.causal).toBe(true);
    expect(result.families.map(({ name }) => name)).toEqual(["sa_causal", "usa_causal", "frozen"]);
    expect(families.at(-1)?.family).toMatchObject({ name: "averaging", dynamics: "sa_causal", beta: 0 });
    const asked = await fitFamilies([states], { ...QUICK, causal: true, families: ["sa"] });
    expect(asked.result.families.map(({ name }) => name)).toEqual(["sa", "frozen"]);
    // A plain fit says nothing of it, as before there was such a thing.
    expect((await fitFamilies([states], { ...QUICK, families: ["sa"] })).result).not.toHaveProperty("causal");
  });
});
