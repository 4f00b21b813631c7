import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import type { DynamicsName } from "../../sim/dynamics/dynamics-table.ts";
import type { AlphaKnots, DynamicsParams, Layer } from "../../sim/dynamics/params.ts";
import type { MethodName } from "../../sim/methods/methods.ts";
import type { SimulateOptions } from "../../sim/simulate/options.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { equiangularCurve, type Scheme } from "../../sim/theory/equiangular.ts";
import { dot, equiangular, largestDifference, record, start } from "./cases.ts";

/** A line, a jump and a constant. */
const ALPHA: AlphaKnots = [
  [0.2, 0.5],
  [0.9, 2],
  [0.9, 0.3],
  [2, 1.1],
];

/** The normalization schemes as particles. */
const SCHEMES: readonly [Scheme, DynamicsName, DynamicsParams][] = [
  ["post", "sa", {}],
  ["pre", "sa_preln", {}],
  ["mix", "sa_mixln", { tau: 0.8 }],
  ["peri", "sa_periln", {}],
  ["ngpt", "sa_ngpt", { alpha: 0.7 }],
  ["ngpt", "sa_ngpt", { alpha: ALPHA }],
  ["sqrt", "sa_sqrt", {}],
];

const N = 6;
const TIMES = [0, 0.3, 0.8, 1, 2.5, 6];

describe("equiangular particles follow the scalar equation of their scheme (R §6.2)", () => {
  for (const [scheme, dynamics, params] of SCHEMES) {
    for (const beta of [0, 3]) {
      it(`${dynamics}${typeof params.alpha === "object" ? " with α(t)" : ""}, β = ${beta}: all inner products and radii`, async () => {
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

describe("nGPT with α(t)", () => {
  const x0 = start(8, 3, 4);
  const run = (alpha: number | AlphaKnots, times: number[], more: Partial<SimulateOptions> = {}) =>
    record({ dynamics: "sa_ngpt", params: { alpha }, n: 8, d: 3, systems: [{ beta: 2, x0 }], times, ...more });

  it("is nGPT in the time ∫ α dt", async () => {
    const times = [0.1, 0.5, 0.9, 1.5, 3];
    const scheduled = await run(ALPHA, times);
    // ∫ of the knots, by hand: 0.5 up to 0.2, a line to (0.9, 2), another from (0.9, 0.3) to (2, 1.1), then 1.1.
    const line = (t0: number, a0: number, slope: number, t: number) => (t - t0) * (a0 + (slope * (t - t0)) / 2);
    const [rise, later] = [1.5 / 0.7, 0.8 / 1.1];
    const own = [0.05, 0.1 + line(0.2, 0.5, rise, 0.5), 0.1 + line(0.2, 0.5, rise, 0.9)];
    own.push(own[2] + line(0.9, 0.3, later, 1.5), own[2] + line(0.9, 0.3, later, 2) + 1.1);
    const plain = await run(1, own);
    times.forEach((_, t) => {
      expect(largestDifference(scheduled.clouds[0][t].x, plain.clouds[0][t].x)).toBeLessThan(1e-7);
    });
  });

  it("steps up to a jump and not over it: nothing is rejected there", async () => {
    const jump: AlphaKnots = [
      [1, 1],
      [1, 8],
    ];
    const { results } = await run(jump, [2], { rtol: 1e-11, atol: 1e-11 });
    expect(results[0].rejected).toBeLessThan(4);
  });

  it("refuses knots out of order, of negative time, or with α that is not positive", async () => {
    await expect(run([], [1])).rejects.toThrow("alpha: no pairs.");
    await expect(
      run(
        [
          [1, 1],
          [0.5, 1],
        ],
        [1],
      ),
    ).rejects.toThrow("alpha: time 0.5 after 1.");
    await expect(run([[-1, 1]], [1])).rejects.toThrow("alpha: time -1 after 0.");
    await expect(run([[0, 0]], [1])).rejects.toThrow("alpha: 0. use a positive number");
  });
});

describe("weights that change from layer to layer", () => {
  const [n, d] = [6, 4];
  const x0 = start(n, d, 5);
  const random = randomSource(6);
  const matrix = () => Array.from({ length: d }, () => Array.from({ length: d }, () => 2 * random() - 1));
  const head = () => ({ Q: matrix(), K: matrix(), V: matrix() });
  const layers: Layer[] = [
    { heads: [head()], duration: 0.4 },
    { heads: [head(), head()], duration: 0.25 },
    { heads: [head()] },
  ];
  const run = (params: DynamicsParams, times: number[], more: Partial<SimulateOptions> = {}) =>
    record({ dynamics: "sa_layers", params, n, d, systems: [{ beta: 2, x0 }], times, ...more });

  for (const [dynamics, single] of [
    ["sa_layers", "sa_multihead"],
    ["usa_layers", "usa_multihead"],
  ] as const) {
    it(`are, in ${dynamics}, one flow of ${single} after the other`, async () => {
      const { clouds, results } = await run({ layers }, [0, 0.1, 0.4, 0.5, 0.65, 1], { dynamics });
      let x = x0;
      const ends: Float64Array[] = [];
      for (const [l, time] of [0.4, 0.25, 0.35].entries()) {
        const systems = [{ beta: 2, x0: x }];
        const one = await record({
          dynamics: single,
          params: { heads: layers[l].heads },
          n,
          d,
          systems,
          times: [time],
        });
        x = Float64Array.from(one.clouds[0][0].x);
        ends.push(x);
      }
      [2, 4, 5].forEach((t, l) => {
        // Two integrations at 1e-9 a step.
        expect(largestDifference(clouds[0][t].x, ends[l])).toBeLessThan(1e-7);
      });
      expect(results[0]).toMatchObject({ outcome: "reached the end", time: 1, saved: 6, restTime: null });
    });
  }

  it("are met by the integrator at their boundaries: every method keeps its order through them", async () => {
    const exact = (await run({ layers }, [1], { method: "dop853", rtol: 1e-13, atol: 1e-13 })).clouds[0][0].x;
    for (const [method, step, order] of [
      ["euler", 1 / 160, 1],
      ["rk4", 1 / 40, 4],
      ["tsit5", 1 / 40, 5],
    ] as const) {
      const errors = await Promise.all(
        [step, step / 2].map(async (h) =>
          largestDifference((await run({ layers }, [1], { method, step: h })).clouds[0][0].x, exact),
        ),
      );
      // One start, as above.
      expect(Math.abs(Math.log2(errors[0] / errors[1]) - order), `${method}`).toBeLessThan(0.4);
    }
  });

  it("work where a layer ends inside a fixed step, and for several systems that end at different times", async () => {
    const exact = (await run({ layers }, [1], { rtol: 1e-12, atol: 1e-12 })).clouds[0][0].x;
    const coarse = (await run({ layers }, [1], { method: "rk4", step: 0.03 })).clouds[0][0].x;
    expect(largestDifference(coarse, exact)).toBeLessThan(1e-4);
    const systems = [2, 2, 2].map((beta) => ({ beta, x0 }));
    const seen: [number, number][] = [];
    const results = await simulate(
      { dynamics: "sa_layers", params: { layers }, n, d, systems, times: [0.2, 0.5, 0.9] },
      {
        save: (system, index) => {
          seen.push([system, index]);
          return !(system === 1 && index === 1);
        },
      },
    );
    expect(results.map(({ outcome }) => outcome)).toEqual([
      "reached the end",
      "stopped by condition",
      "reached the end",
    ]);
    expect(results.map(({ saved }) => saved)).toEqual([3, 2, 3]);
    expect(seen.filter(([system]) => system === 1)).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });

  it("are those of Pre-LN too, where lengths go on from layer to layer", async () => {
    const identity = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? 1 : 0)));
    const plain = [0.3, 0.3, 0.3].map((duration) => ({ duration, heads: [{ Q: identity, K: identity, V: identity }] }));
    const layered = await run({ layers: plain }, [1], { dynamics: "sa_preln_layers" });
    const { clouds } = await record({ dynamics: "sa_preln", n, d, systems: [{ beta: 2, x0 }], times: [1], lift: true });
    expect(largestDifference(layered.clouds[0][0].x, clouds[0][0].x)).toBeLessThan(1e-7);
  });

  it("are refused where there is none, a size is wrong, or a duration is not positive", async () => {
    await expect(run({ layers: [] }, [1])).rejects.toThrow("layers: none.");
    await expect(run({ layers: [{ heads: [] }] }, [1])).rejects.toThrow("layer 0, heads: none.");
    await expect(run({ layers: [{ ...layers[0], duration: 0 }] }, [1])).rejects.toThrow("layer 0, duration: 0.");
    const wrong = [layers[0], { heads: [{ ...layers[0].heads[0], V: [[1]] }] }];
    await expect(run({ layers: wrong }, [1])).rejects.toThrow("layer 1, head 0, V: 1 rows of 1. give 4 × 4");
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
