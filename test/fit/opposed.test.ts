import { expect, it } from "vitest";
import { DYNAMICS } from "../../sim/dynamics/dynamics-table.ts";
import { chooseEngine } from "../../sim/engines/choose-engine.ts";
import { fitFamilies } from "../../src/fit/fit.ts";
import { askedFit } from "../../src/study/asked-families.ts";
import { start } from "../sim/cases.ts";
import { evenTimes, simulatedStates } from "./simulated-states.ts";

it.each(["sa", "usa"] as const)("%s_opposed at β is %s at −β, on every engine that serves it", async (name) => {
  const [n, d, beta] = [6, 4, 1.7];
  const x = start(n, d, 3);
  const velocity = async (which: "sa" | "usa" | "sa_opposed" | "usa_opposed", kind: string, at: number) => {
    const engine = await chooseEngine(kind, { dynamics: DYNAMICS[which], params: {}, n, d }, 1, 1);
    const out = new Float64Array(n * d);
    await engine.velocity(x, Float64Array.of(at), Float64Array.of(0), 1, out);
    await engine.release();
    return out;
  };
  const known = await velocity(name, "ts", -beta);
  for (const kind of ["ts", "ort"]) {
    const own = await velocity(`${name}_opposed`, kind, beta);
    // Two sums of six terms in another order.
    own.forEach((value, e) => void expect(Math.abs(value - known[e])).toBeLessThan(1e-14 * Math.exp(beta)));
  }
});

it("a fit finds a β below 0 where it is asked for, and not where it is not there", async () => {
  const truth = { dynamics: "sa", beta: -1.5, times: evenTimes(5, 3), n: 16, d: 4, seed: 6 } as const;
  const states = await simulatedStates(truth);
  const { result } = await fitFamilies([states], { ...asked(["sa"], [-3, 6]), checks: false });
  const [sa, opposed] = result.families;
  expect([sa, opposed].map(({ label }) => label)).toEqual(["SA", "SA at −β"]);
  // What comes to nothing is given up and not told: the last that is may lie before the end of what was asked.
  const [last, farthest] = [sa, opposed].map(({ profile }) => profile.at(-1)!.beta);
  expect(last).toBeGreaterThan(3);
  expect(last).toBeLessThanOrEqual(6 + 1e-9);
  expect(farthest).toBeLessThanOrEqual(3 + 1e-9);
  expect(opposed.w1).toBeLessThan(sa.w1 / 10);
  expect(Math.abs((opposed.beta ?? 0) / 1.5 - 1)).toBeLessThan(0.05);
  // With β > 0 the smallest there is comes nearest.
  expect(sa.beta).toBeCloseTo(0.05, 6);
});

/** What `--families` and `--beta-range` ask for. */
function asked(families: readonly string[], betaRange: [number, number]) {
  const rest = {
    rivals: [],
    bootstrap: 0,
    time: "linear",
    startLayer: 0,
    init: "observed",
    causal: "auto",
    seed: 1,
  } as const;
  return askedFit({ ...rest, families, betaRange }, { dynamics: [] });
}

it("a range from below 0 is searched by each family on the side that it has", () => {
  const sides = (families: readonly string[], range: [number, number]) =>
    asked(families, range).families.map(({ name, betas }) => [name, betas]);
  expect(sides(["sa", "usa"], [-4, 16])).toEqual([
    ["sa", [0.05, 16]],
    ["sa_opposed", [0.05, 4]],
    ["usa", [0.05, 16]],
    ["usa_opposed", [0.05, 4]],
  ]);
  expect(sides(["sa"], [-4, -1])).toEqual([["sa_opposed", [1, 4]]]);
  expect(sides(["sa", "sa_causal"], [0.5, 4])).toEqual([
    ["sa", undefined],
    ["sa_causal", undefined],
  ]);
  expect(() => asked(["sa_causal"], [-4, 16])).toThrow("from -4. sa_causal is searched above 0 only");
});
