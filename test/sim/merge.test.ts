import { describe, expect, it } from "vitest";
import type { Cloud } from "../../probes/cloud.ts";
import { energyOf } from "../../probes/products/energy.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { mergeDistance } from "../../sim/integrators/merge-tokens.ts";
import type { Run } from "../../sim/integrators/run.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { dot, largestDifference, start } from "./cases.ts";

const onCircle = (angles: readonly number[]) => Float64Array.from(angles.flatMap((a) => [Math.cos(a), Math.sin(a)]));

const scaledEnergy = ({ n, d, x }: Cloud, beta: number) =>
  energyOf(innerProducts({ n, d, x }, true), n, beta).scaled as number;

describe("the five-token staircase of GKPR24", () => {
  const x0 = onCircle([0, 0.04249, 0.16996, 0.33992, 0.59486]);

  /** Times inside each plateau, between the times at which it is left. */
  const PLATEAUS = {
    1000: [20, 1e5, 1e20, 1e34],
    4000: [1e8, 1e30, 1e100, 1e144],
  } as const;

  for (const beta of [1000, 4000] as const) {
    it(`has plateaus Σ (m_k/n)² = .28, .44, .52, 1 at β = ${beta}, over ${beta === 1000 ? 33 : 143} decades of time`, async () => {
      const energies: number[] = [];
      const [result] = await simulate(
        { dynamics: "sa", n: 5, d: 2, times: PLATEAUS[beta], systems: [{ beta, x0 }] },
        { save: (_s, _i, _t, cloud) => void energies.push(scaledEnergy(cloud, beta)) },
      );
      // The plateau values hold as β → ∞; at these β they are met to 1e-4.
      [0.28, 0.44, 0.52, 1].forEach((value, i) => {
        expect(Math.abs(energies[i] - value)).toBeLessThan(1e-3);
      });
      expect(result.outcome).toBe("reached the end");
      // Left at 3e33 and at 1e143.
      expect(Math.log10(result.restTime as number)).toBeCloseTo(beta === 1000 ? 33.5 : 143.1, 0);
      expect(result.steps + result.rejected).toBeLessThan(5000);
    });
  }
});

describe("tokens that have met", () => {
  it("go on as one and do not slow USA at β = 50, whose rates are e^50, on its way to time 1", async () => {
    const [result] = await simulate({
      dynamics: "usa",
      n: 16,
      d: 3,
      times: [1],
      systems: [{ beta: 50, x0: start(16, 3, 1) }],
      engine: "ts",
    });
    expect(result.outcome).toBe("reached the end");
    expect(result.steps).toBeLessThan(20_000);
  });

  it("move as one weighted token does", async () => {
    const three = start(3, 4, 2);
    const doubled = Float64Array.of(...three.subarray(0, 4), ...three);
    for (const [plain, weighted] of [
      ["sa", "sa_weighted"],
      ["usa", "usa_weighted"],
    ] as const) {
      const ends: Float64Array[] = [];
      const save = (_s: number, _i: number, _t: number, cloud: Cloud) => void ends.push(Float64Array.from(cloud.x));
      const shared = { d: 4, times: [1.5], lift: true };
      await simulate({ ...shared, dynamics: plain, n: 4, systems: [{ beta: 2, x0: doubled }] }, { save });
      await simulate(
        { ...shared, dynamics: weighted, n: 3, systems: [{ beta: 2, x0: three }], params: { weights: [2, 1, 1] } },
        { save },
      );
      // Two runs at the default tolerance.
      expect(largestDifference(ends[0].subarray(4), ends[1])).toBeLessThan(1e-8);
      expect(ends[0].slice(0, 4)).toEqual(ends[0].slice(4, 8));
    }
  });

  it("change the cloud by a few tolerances only, and save steps", async () => {
    for (const [dynamics, time] of [
      ["sa", 40],
      ["usa", 1],
    ] as const) {
      const ends: Float64Array[] = [];
      const options = { dynamics, n: 24, d: 3, times: [time], systems: [{ beta: 6, x0: start(24, 3, 4) }] };
      const save = (_s: number, _i: number, _t: number, cloud: Cloud) => void ends.push(Float64Array.from(cloud.x));
      const [apart] = await simulate({ ...options, merge: false }, { save });
      const [together] = await simulate(options, { save });
      // Four tolerances of 2e-9 a merge, twenty merges.
      expect(largestDifference(ends[0], ends[1])).toBeLessThan(1e-7);
      expect(together.steps).toBeLessThan(apart.steps);
    }
  });

  it("are left apart by causal attention, where two tokens in one place see different pasts", async () => {
    const x0 = Float64Array.of(1, 0, 0, 1, 0, 1);
    let apart = 0;
    const save = (_s: number, _i: number, _t: number, { x, d }: Cloud) => {
      apart = 1 - dot(x, 1, x, 2, d);
    };
    await simulate({ dynamics: "sa_causal", n: 3, d: 2, times: [1], systems: [{ beta: 1, x0 }] }, { save });
    expect(apart).toBeGreaterThan(1e-3);
  });

  it("are never farther apart than 1e-3, however loose the tolerances", () => {
    const reach = (tolerance: number) => {
      const control = { step: null, rtol: tolerance, atol: tolerance };
      return mergeDistance({ control, problem: { samePoint: 0 } } as unknown as Run);
    };
    expect(reach(0.1)).toBe(1e-3);
    expect(reach(1e-5)).toBeCloseTo(8e-5, 12);
  });

  it("are left alone under fixed steps, as in published code", async () => {
    const near = onCircle([0, 1e-9, 2]);
    let gap = 0;
    await simulate(
      { dynamics: "sa", n: 3, d: 2, times: [0.05], systems: [{ beta: 1, x0: near }], method: "euler", step: 0.05 },
      {
        save: (_s, _i, _t, { x }) => {
          gap = Math.hypot(x[0] - x[2], x[1] - x[3]);
        },
      },
    );
    expect(gap).toBeGreaterThan(5e-10);
  });
});
