import { describe, expect, it } from "vitest";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { planSketch } from "../../src/alignment/quantile-sketch.ts";
import { familyNamed, type MovingFamily } from "../../src/laws/families.ts";
import { equiangularCloud } from "../../src/laws/starts.ts";
import { followEquiangular } from "../../src/trajectories/follow-equiangular.ts";
import { FINE, simulateFrames } from "../../src/trajectories/frames.ts";
import { simulateFamily } from "../../src/trajectories/simulate-family.ts";

const [n, rho0] = [9, 0.3];

describe("an equiangular start", () => {
  it.each(["sa", "usa"] as const)("goes where its tokens go under %s", async (dynamics) => {
    const times = [0, 0.2, 1, 4];
    const [beta, curve, tokens] = [3, [] as number[], [] as number[]];
    const [result] = followEquiangular(
      { dynamics, n, rho0, betas: [beta], times },
      { save: (_s, _i, _t, cloud) => void curve.push(innerProducts(cloud, true)[0]) },
    );
    await simulate(
      {
        ...{ dynamics, n, d: n, times, rtol: 1e-10, atol: 1e-10 },
        systems: [{ beta, x0: equiangularCloud(n, rho0).x }],
      },
      { save: (_s, _i, _t, cloud) => void tokens.push(innerProducts(cloud, true)[0]) },
    );
    expect(result).toMatchObject({ outcome: "reached the end", time: 4, saved: 4 });
    // Both to 1e-10 a step.
    for (const [k, rho] of curve.entries()) expect(Math.abs(rho - tokens[k])).toBeLessThan(1e-8);
    expect(curve[3]).toBeGreaterThan(curve[0] + 0.1);
  });

  it("is looked at between wanted times while its products change, and ends when it is told to", () => {
    const told: { readonly t: number; readonly rho: number }[] = [];
    const [result] = followEquiangular(
      { dynamics: "sa", n, rho0, betas: [1], times: [0, 1e15] },
      {
        step: (_s, t, cloud) => {
          told.push({ t, rho: innerProducts(cloud, true)[0] });
          return told[told.length - 1].rho < 0.9;
        },
      },
    );
    expect(result).toMatchObject({ outcome: "stopped by condition", saved: 1 });
    for (const [k, { t, rho }] of told.slice(1).entries()) {
      expect(t).toBeGreaterThan(told[k].t);
      // A look's products are at most 0.004 from those before, where they change evenly between two times a tenth apart.
      expect(rho - told[k].rho).toBeLessThan(0.006);
    }
  });

  it("stays one at a β where n tokens would be broken apart by rounding", async () => {
    const family = familyNamed("sa_equiangular") as MovingFamily;
    const cloud = equiangularCloud(40, 0.4);
    const text = { n: 40, d: 40, clouds: [cloud] };
    const spreads: number[] = [];
    const [result] = await simulateFamily(
      family,
      text,
      [41],
      { times: [0, 1e8, 1e12] },
      {
        save: (_s, _i, _t, now) => {
          const products = innerProducts(now, true);
          spreads.push(Math.max(...products) - Math.min(...products));
          return true;
        },
      },
    );
    expect(result.outcome).toBe("reached the end");
    expect(Math.max(...spreads)).toBeLessThan(1e-12);
    const plan = planSketch(
      Int32Array.from({ length: 40 }, (_, i) => i),
      1024,
    );
    const [frames] = await simulateFrames(text, plan, family, [41], { detail: FINE, untilMeanCosine: 0.8 });
    expect(frames.cut).toBe(false);
    expect(frames.sketches[(frames.times.length - 1) * plan.weights.length]).toBeGreaterThan(0.8);
  });
});
