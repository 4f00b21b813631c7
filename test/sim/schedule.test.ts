import { describe, expect, it } from "vitest";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import type { DynamicsName } from "../../sim/dynamics/registry.ts";
import type { MethodName } from "../../sim/integrators/registry.ts";
import { equiangularCurve, type Scheme } from "../../sim/theory/equiangular.ts";
import { dot, equiangular, largestDifference, record, start } from "./cases.ts";

/** The normalisation schemes as particles. */
const SCHEMES: readonly [Scheme, DynamicsName, DynamicsParams][] = [
  ["post", "sa", {}],
  ["pre", "sa_preln", {}],
  ["mix", "sa_mixln", { tau: 0.8 }],
  ["peri", "sa_periln", {}],
  ["ngpt", "sa_ngpt", { alpha: 0.7 }],
  ["sqrt", "sa_sqrt", {}],
];

const N = 6;
const TIMES = [0, 0.3, 0.8, 1, 2.5, 6];

describe("equiangular particles follow the scalar equation of their scheme (R §6.2)", () => {
  for (const [scheme, dynamics, params] of SCHEMES) {
    for (const beta of [0, 3]) {
      it(`${dynamics}, β = ${beta}: all inner products and radii`, async () => {
        const options = { scheme, dynamics: "sa", n: N, beta, rho0: 0.1, times: TIMES, ...params } as const;
        const { rho, radius } = equiangularCurve(options);
        const systems = [{ beta, x0: equiangular(N, 0.1) }];
        const { clouds, results } = await record({ dynamics, params, n: N, d: N, systems, times: TIMES });
        expect(results[0].outcome).toBe("reached the end");
        clouds[0].forEach(({ d, x }, t) => {
          for (let i = 0; i < N; i++) {
            const length = Math.sqrt(dot(x, i, x, i, d));
            // Errors of 1e-9 a step, some tens of steps.
            expect(Math.abs(length - radius[t])).toBeLessThan(1e-7);
            for (let j = 0; j < i; j++) {
              const cosine = dot(x, i, x, j, d) / length / Math.sqrt(dot(x, j, x, j, d));
              expect(Math.abs(cosine - rho[t])).toBeLessThan(1e-7);
            }
          }
        });
      });
    }
  }

  it("would not be met by the curve of another scheme", () => {
    const curve = (scheme: Scheme) =>
      equiangularCurve({ scheme, dynamics: "sa", n: N, beta: 3, rho0: 0.1, times: TIMES, tau: 0.8 }).rho;
    expect(largestDifference(curve("mix"), curve("post"))).toBeGreaterThan(0.01);
    expect(largestDifference(curve("mix"), curve("pre"))).toBeGreaterThan(0.01);
  });
});

describe("Mix-LN", () => {
  const x0 = start(8, 3, 1);
  const run = (dynamics: DynamicsName, times: number[], params: DynamicsParams = {}) =>
    record({ dynamics, params, n: 8, d: 3, systems: [{ beta: 2, x0 }], times, rtol: 1e-11, atol: 1e-11 });

  it("is Post-LN where τ is behind the end, and Pre-LN where it is 0", async () => {
    const post = await run("sa", [1, 2]);
    const pre = await run("sa_preln", [1, 2]);
    const late = await run("sa_mixln", [1, 2], { tau: 5 });
    const early = await run("sa_mixln", [1, 2], { tau: 0 });
    for (const t of [0, 1]) {
      // Two integrations at 1e-11 a step.
      expect(largestDifference(late.clouds[0][t].x, post.clouds[0][t].x)).toBeLessThan(1e-9);
      expect(largestDifference(early.clouds[0][t].x, pre.clouds[0][t].x)).toBeLessThan(1e-9);
    }
  });

  it("refuses a τ that is negative or not finite", async () => {
    for (const tau of [-1, Number.NaN]) await expect(run("sa_mixln", [1], { tau })).rejects.toThrow(`tau: ${tau}.`);
  });
});

describe("sqrt-scaling", () => {
  const x0 = start(8, 3, 2);

  it("is SA in the time 2(√(t+1) − 1)", async () => {
    const run = (dynamics: DynamicsName, times: number[]) =>
      record({ dynamics, n: 8, d: 3, systems: [{ beta: 2, x0 }], times });
    const times = [0, 1, 4, 20];
    const scaled = await run("sa_sqrt", times);
    const plain = await run(
      "sa",
      times.map((t) => 2 * (Math.sqrt(t + 1) - 1)),
    );
    times.forEach((_, t) => {
      expect(largestDifference(scaled.clouds[0][t].x, plain.clouds[0][t].x)).toBeLessThan(1e-7);
    });
  });

  it("keeps every integrator's order: stages see their own time", async () => {
    const end = 2;
    const at = async (method: MethodName, step?: number) => {
      const tight = step === undefined ? { rtol: 1e-13, atol: 1e-13 } : { step };
      const options = { n: 8, d: 3, systems: [{ beta: 2, x0 }], times: [end], method, ...tight };
      return (await record({ dynamics: "sa_sqrt", ...options })).clouds[0][0].x;
    };
    const exact = await at("dop853");
    for (const [method, step, order] of [
      ["euler", 1 / 64, 1],
      ["heun", 1 / 32, 2],
      ["rk4", 1 / 16, 4],
      ["tsit5", 1 / 16, 5],
    ] as const) {
      const [coarse, fine] = [await at(method, step), await at(method, step / 2)];
      // One start has accidents of sign in its error, unlike the sixteen of order.test.ts; a wrong stage time costs a whole order.
      const measured = Math.log2(largestDifference(coarse, exact) / largestDifference(fine, exact));
      expect(Math.abs(measured - order), `${method}: ${measured}`).toBeLessThan(0.4);
    }
  });
});
