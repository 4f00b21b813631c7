import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { DYNAMICS, type DynamicsName } from "../../sim/dynamics/dynamics-table.ts";
import { typescriptEngine } from "../../sim/engines/typescript-engine.ts";
import type { MethodName } from "../../sim/methods/methods.ts";
import type { SimulateOptions } from "../../sim/simulate/options.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { randomParams, start } from "./cases.ts";

describe("bad input is one line", () => {
  const good: SimulateOptions = {
    dynamics: "sa",
    n: 2,
    d: 2,
    times: [1],
    systems: [{ beta: 1, x0: Float64Array.of(1, 0, 0, 1) }],
  };
  const SQUARE = {
    Q: [
      [1, 0],
      [0, 1],
    ],
    K: [
      [1, 0],
      [0, 1],
    ],
    V: [
      [1, 0],
      [0, 1],
    ],
  };
  const HUGE = [
    [1e200, 0],
    [0, 1e200],
  ];
  const KEPT = typescriptEngine({ dynamics: DYNAMICS.sa, params: {}, n: 2, d: 2 });
  const withBeta = (beta: number) => ({ systems: [{ ...good.systems[0], beta }] });
  const withCloud = (...x: number[]) => ({ systems: [{ beta: 1, x0: Float64Array.from(x) }], lift: true });

  const cases: [Partial<Record<keyof SimulateOptions, unknown>>, "usage" | "input", string][] = [
    [withBeta(Number.NaN), "usage", "beta: NaN. use a finite number"],
    [withBeta(Number.POSITIVE_INFINITY), "usage", "beta: Infinity."],
    [{ n: 0 }, "usage", "n: 0."],
    [{ d: 1.5 }, "usage", "d: 1.5."],
    [{ times: [] }, "usage", "times: none."],
    [{ times: [1, 0.5] }, "usage", "times: 0.5 after 1. sort them"],
    [{ times: [-1] }, "usage", "times: -1."],
    [{ times: [Number.NaN] }, "usage", "times: NaN."],
    [{ times: [Number.POSITIVE_INFINITY] }, "usage", "times: Infinity."],
    [{ systems: [] }, "usage", "systems: none."],
    [{ dynamics: "sda" }, "usage", "dynamics: sda. use hardmax, "],
    [{ method: "rk45" }, "usage", "method: rk45."],
    [{ method: "euler" }, "usage", "step: missing. euler needs one"],
    [{ step: 0 }, "usage", "step: 0."],
    [{ rtol: -1 }, "usage", "rtol: -1."],
    [{ rtol: 0.5 }, "usage", "rtol: 0.5. use at most 0.1"],
    [{ atol: 0.11 }, "usage", "atol: 0.11. use at most 0.1"],
    [{ maxSteps: 0 }, "usage", "maxSteps: 0."],
    [withCloud(1, 0), "input", "system 0: 2 numbers. give n × d = 2 × 2 = 4"],
    [withCloud(1, 0, 0, 0), "input", "system 0, token 1: zero vector."],
    [withCloud(1, 0, Number.NaN, 0), "input", "system 0, token 1: NaN."],
    [{ params: { alpha: 1 } }, "usage", "params: alpha. sa reads none"],
    [{ dynamics: "sa_krause" }, "usage", "params: radius missing."],
    [{ dynamics: "sa_ngpt", params: { alpha: -1 } }, "input", "alpha: -1."],
    [{ dynamics: "sa_weighted", params: { weights: [1] } }, "input", "weights: 1 numbers. give n = 2"],
    [{ dynamics: "sa_weighted", params: { weights: [1, 0] } }, "input", "weights: 0. use positive numbers"],
    [{ dynamics: "sa_qkv", params: { Q: [[1]], K: [[1]], V: [[1]] } }, "input", "Q: 1 rows of 1. give 2 × 2"],
    [{ dynamics: "sa_qkv", params: { ...SQUARE, K: [[1, 2], [3]] } }, "input", "K: 2 rows of 2. give 2 × 2"],
    [{ dynamics: "usa_qkv", params: { ...SQUARE, Q: HUGE, K: HUGE } }, "input", "Q, K: scores up to Infinity."],
    [
      { dynamics: "sa_multihead", params: { heads: [SQUARE, { ...SQUARE, K: HUGE }] } },
      "input",
      "Q, K: scores up to 4.0e+200",
    ],
    [{ ...withBeta(0), dynamics: "sa_qkv", params: { ...SQUARE, Q: HUGE } }, "input", "Q, K: scores up to 4.0e+200"],
    [
      {
        dynamics: "sa_qkv",
        params: {
          ...SQUARE,
          V: [
            [1, Number.NaN],
            [0, 1],
          ],
        },
      },
      "input",
      "V: not all finite.",
    ],
    [{ dynamics: "usa_multihead", params: { heads: [] } }, "input", "heads: none."],
    [{ dynamics: "sa_layers", params: { layers: [] } }, "input", "layers: none."],
    [
      { dynamics: "sa_layers", params: { layers: [{ heads: [SQUARE], duration: Number.POSITIVE_INFINITY }] } },
      "input",
      "layer 0, duration: Infinity. use a positive number",
    ],
    [
      { dynamics: "sa_layers", params: { layers: [{ heads: [SQUARE] }, { heads: [{ ...SQUARE, Q: [[1]] }] }] } },
      "input",
      "layer 1, head 0, Q: 1 rows of 1. give 2 × 2",
    ],
    [
      { dynamics: "sa_layers", params: { layers: [{ heads: [SQUARE] }, { heads: [SQUARE] }] }, engine: KEPT },
      "usage",
      "engine: one that is kept has the matrices of one layer.",
    ],
    [{ dynamics: "sa_ngpt", params: { alpha: [[0, Number.NaN]] } }, "input", "alpha: NaN. use a positive number"],
    [
      { dynamics: "sa_ngpt", params: { alpha: [[Number.POSITIVE_INFINITY, 1]] } },
      "input",
      "alpha: time Infinity after 0.",
    ],
    [{ dynamics: "usa_weighted_causal", params: { weights: [1, Number.NaN] } }, "input", "weights: NaN."],
    [{ dynamics: "sa_mixln", params: { tau: Number.POSITIVE_INFINITY } }, "input", "tau: Infinity."],
    [{ dynamics: "mean_shift", params: { data: [[0, 0]] } }, "input", "data, token 0: zero vector."],
    [{ dynamics: "kuramoto", n: 1, d: 4 }, "usage", "d: 4. kuramoto needs d = 2"],
    [{ n: Number.NaN }, "usage", "n: NaN."],
    [{ d: 0 }, "usage", "d: 0."],
    [
      { engine: "harmonic", d: 1, systems: [{ beta: 1, x0: Float64Array.of(1, -1) }] },
      "usage",
      "engine harmonic: sa with d = 1.",
    ],
    [{ engine: "harmonic", dynamics: "sa_causal" }, "usage", "engine harmonic: sa_causal with d = 2."],
    [{ ...withBeta(1e9), engine: "harmonic" }, "usage", "beta on engine harmonic: 1000000000."],
    [withCloud(1, 0, Number.POSITIVE_INFINITY, 0), "input", "system 0, token 1: Infinity."],
    [{ events: [{ kind: "merge", level: 1 }] }, "usage", "merge: 1. use a level above -1 and below 1"],
  ];
  for (const [change, kind, message] of cases) {
    it(message, async () => {
      const failure = await simulate({ ...good, ...change } as SimulateOptions).catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: "TokensphereError", kind });
      expect((failure as Error).message.startsWith(message)).toBe(true);
      expect((failure as Error).message).not.toContain("\n");
    });
  }
});

describe("no result holds a number that is none", () => {
  const names = Object.keys(DYNAMICS) as DynamicsName[];
  const problem = fc.record({
    dynamics: fc.constantFrom(...names),
    n: fc.integer({ min: 1, max: 6 }),
    width: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(1000),
    beta: fc.constantFrom(0, 1e-300, 1e-12, 0.3, 5, 400, 1e5, 1e12, 1e300),
    time: fc.constantFrom(0, 1e-300, 0.1, 30, 1e12, 1e200),
    method: fc.constantFrom<readonly [MethodName, number?]>(
      ["tsit5"],
      ["dop853"],
      ["euler", 0.1],
      ["euler", 1e200],
      ["rk4", 50],
      ["heun", 1e-3],
    ),
    coincide: fc.boolean(),
    large: fc.constantFrom(1, 1e100, 1e-100),
  });

  it("where a fixed step is so long that it is infinite in scaled time: a blow-up, and nothing is saved behind it", async () => {
    const systems = [{ beta: 400, x0: start(2, 2, 0) }];
    const options = { dynamics: "usa", n: 2, d: 2, systems, times: [0, 1e200], method: "euler", step: 1e200 } as const;
    const [result] = await simulate(options);
    expect(result).toMatchObject({ outcome: "blow-up", saved: 1, time: 0 });
  });

  it("whatever the dynamics, β, times, steps, sizes of matrices and places of tokens: it ends with a reason", async () => {
    await fc.assert(
      fc.asyncProperty(problem, async ({ dynamics, n, width, seed, beta, time, method, coincide, large }) => {
        const d = DYNAMICS[dynamics].width ?? width;
        const x0 = start(n, d, seed);
        // Every other token is where the first is, or opposite.
        if (coincide) for (let e = d; e < n * d; e++) if (Math.floor(e / d) % 2 === 1) x0[e] = (-1) ** seed * x0[e % d];
        const made = randomParams(dynamics, n, d, randomSource(seed));
        const params = made.Q ? { ...made, Q: made.Q.map((row) => row.map((value) => value * large)) } : made;
        const numbers: number[] = [];
        const [result] = await simulate(
          {
            dynamics,
            n,
            d,
            params,
            systems: [{ beta, x0 }],
            times: [0, time / 2, time],
            method: method[0],
            ...(method[1] === undefined ? {} : { step: method[1] }),
            maxSteps: 60,
            engine: "ts",
            events:
              n > 1
                ? [
                    { kind: "mean cosine", level: 0.5 },
                    { kind: "merge", level: 0.99 },
                  ]
                : [],
          },
          { save: (_s, _i, _t, { x }) => void numbers.push(...x) },
        );
        const { message, outcome, events, ...counts } = result;
        expect(outcome === "reached the end" || message.length > 10).toBe(true);
        const all = [
          ...numbers,
          ...events.map((event) => event.time),
          ...Object.values(counts).filter((v) => v !== null),
        ];
        expect(all.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 400, seed: 5 },
    );
  });
});
