import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { DYNAMICS, type DynamicsName } from "../../sim/dynamics/dynamics-table.ts";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import { harmonicEngine } from "../../sim/engines/harmonic/harmonic-engine.ts";
import { typescriptEngine } from "../../sim/engines/typescript-engine.ts";
import { dot, largestDifference, record, start } from "./cases.ts";

const N = 7;
const D = 3;

function velocity(name: DynamicsName, x: Float64Array, d: number, beta: number, params: DynamicsParams = {}) {
  const out = new Float64Array(x.length);
  const engine = typescriptEngine({ dynamics: DYNAMICS[name], params, n: x.length / d, d });
  engine.velocity(x, Float64Array.of(beta), Float64Array.of(0), 1, out);
  return out;
}

const rowsOf = (x: Float64Array, d: number): number[][] =>
  Array.from({ length: x.length / d }, (_, i) => [...x.subarray(i * d, (i + 1) * d)]);

const identity = (d: number, scale = 1) =>
  Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? scale : 0)));

describe("classical mean shift", () => {
  const data = start(12, D, 4);
  const x = start(N, D, 5);

  it("climbs the log density of the sample: its velocity is the gradient, by central differences", () => {
    const beta = 6;
    const logDensity = (y: readonly number[]) => {
      const length = Math.hypot(...y);
      const kernel = rowsOf(data, D).map((p) => Math.exp((beta * p.reduce((s, v, k) => s + v * y[k], 0)) / length));
      return Math.log(kernel.reduce((a, b) => a + b));
    };
    const v = velocity("mean_shift", x, D, beta, { data: rowsOf(data, D) });
    const h = 1e-5;
    rowsOf(x, D).forEach((row, i) => {
      for (let k = 0; k < D; k++) {
        const at = (sign: number) => logDensity(row.map((value, c) => value + (c === k ? sign * h : 0)));
        // h² = 1e-10 times third derivatives of order β³ = 216, and rounding of 1e-16/h.
        expect(Math.abs((at(1) - at(-1)) / (2 * h) - v[i * D + k])).toBeLessThan(1e-7);
      }
    });
  });

  it("starts as blurring mean shift does where the tokens are the sample, and then leaves it", async () => {
    const both = (name: DynamicsName, params: DynamicsParams) =>
      record({ dynamics: name, params, n: 12, d: D, systems: [{ beta: 6, x0: data }], times: [0.5, 40], lift: true });
    const params = { data: rowsOf(data, D) };
    // Two sums of twelve products; the second subtracts the token itself first.
    expect(
      largestDifference(velocity("mean_shift", data, D, 6, params), velocity("mean_shift_blurring", data, D, 6)),
    ).toBeLessThan(1e-13);
    const classical = await both("mean_shift", params);
    const blurring = await both("mean_shift_blurring", {});
    expect(largestDifference(classical.clouds[0][0].x, blurring.clouds[0][0].x)).toBeGreaterThan(0.01);
    // The end of classical mean shift is at modes: the gradient is 0 to the tolerance times the curvature.
    const end = velocity("mean_shift", Float64Array.from(classical.clouds[0][1].x), D, 6, params);
    expect(Math.max(...end.map(Math.abs))).toBeLessThan(1e-6);
  });

  it("refuses samples of the wrong width, without rows or with a zero row", async () => {
    const given = (rows: number[][]) =>
      record({ dynamics: "mean_shift", params: { data: rows }, n: N, d: D, systems: [{ beta: 1, x0: x }], times: [1] });
    await expect(given([])).rejects.toThrow("data: no rows.");
    await expect(given([[1, 0]])).rejects.toThrow("data, row 0: 2 numbers. give d = 3");
    await expect(given([[0, 0, 0]])).rejects.toThrow("data, token 0: zero vector");
  });
});

describe("blurring mean shift", () => {
  it("is SA β times as fast", async () => {
    const x0 = start(N, D, 6);
    const run = (dynamics: DynamicsName, t: number) =>
      record({ dynamics, n: N, d: D, systems: [{ beta: 4, x0 }], times: [t] });
    const [fast, slow] = [await run("mean_shift_blurring", 0.5), await run("sa", 2)];
    // Two integrations at the default tolerance.
    expect(largestDifference(fast.clouds[0][0].x, slow.clouds[0][0].x)).toBeLessThan(1e-7);
  });
});

describe("SA with V = −I", () => {
  it("is the general dynamics with that V", () => {
    const x = start(N, D, 7);
    const general = { Q: identity(D), K: identity(D), V: identity(D, -1) };
    expect(largestDifference(velocity("sa_repulsive", x, D, 3), velocity("sa_qkv", x, D, 3, general))).toBeLessThan(
      1e-14,
    );
  });

  it("brings SA's flow back to its start", async () => {
    const x0 = start(N, D, 8);
    const run = (dynamics: DynamicsName, from: Float64Array) =>
      record({ dynamics, n: N, d: D, systems: [{ beta: 3, x0: from }], times: [0.7], rtol: 1e-12, atol: 1e-12 });
    const there = await run("sa", x0);
    const back = await run("sa_repulsive", Float64Array.from(there.clouds[0][0].x));
    // Errors of some 1e-11 grow by e^{0.7·2} on the way back.
    expect(largestDifference(back.clouds[0][0].x, x0)).toBeLessThan(1e-9);
  });

  it("spreads tokens over the circle, evenly in the end", async () => {
    const x0 = start(5, 2, 9);
    const { clouds } = await record({
      dynamics: "sa_repulsive",
      n: 5,
      d: 2,
      systems: [{ beta: 4, x0 }],
      times: [200],
    });
    const angles = rowsOf(Float64Array.from(clouds[0][0].x), 2).map(([a, b]) => Math.atan2(b, a));
    angles.sort((a, b) => a - b);
    // The regular pentagon attracts exponentially; what is left is the tolerance times 1/rate.
    for (let i = 1; i < 5; i++) expect(Math.abs(angles[i] - angles[i - 1] - (2 * Math.PI) / 5)).toBeLessThan(1e-6);
  });

  it("has the same velocities by harmonics, as blurring mean shift has", () => {
    const x = start(40, 2, 10);
    for (const name of ["sa_repulsive", "mean_shift_blurring"] as const) {
      const out = new Float64Array(80);
      harmonicEngine({ dynamics: DYNAMICS[name], params: {}, n: 40, d: 2 }).velocity(
        ...([x, Float64Array.of(5), Float64Array.of(0), 1, out] as const),
      );
      // The engines' promise.
      expect(largestDifference(out, velocity(name, x, 2, 5))).toBeLessThan(1e-10);
    }
  });
});

describe("several heads", () => {
  const random = randomSource(11);
  const matrix = () => Array.from({ length: D }, () => Array.from({ length: D }, () => random() - 0.5));
  const heads = [0, 1].map(() => ({ Q: matrix(), K: matrix(), V: matrix() }));
  const x = start(N, D, 12);

  it("add up what each does alone", () => {
    const [a, b] = heads.map((head) => velocity("sa_qkv", x, D, 2, head));
    const sum = a.map((value, e) => value + b[e]);
    expect(largestDifference(velocity("sa_multihead", x, D, 2, { heads }), sum)).toBeLessThan(1e-14);
  });

  it("are refused where one has a matrix of the wrong size, and where there is none", async () => {
    const given = (params: DynamicsParams) =>
      record({ dynamics: "sa_multihead", params, n: N, d: D, systems: [{ beta: 1, x0: x }], times: [1] });
    await expect(given({ heads: [] })).rejects.toThrow("heads: none.");
    await expect(given({ heads: [heads[0], { ...heads[1], K: identity(2) }] })).rejects.toThrow(
      "head 1, K: 2 rows of 2. give 3 × 3",
    );
  });
});

describe("hardmax", () => {
  it("is where SA's direction tends as β grows", () => {
    const x = start(N, D, 13);
    const hard = velocity("hardmax", x, D, 0);
    const soft = velocity("sa", x, D, 700);
    for (let i = 0; i < N; i++) {
      const products = Array.from({ length: N }, (_, j) => (j === i ? -1 : dot(x, i, x, j, D))).sort((a, b) => b - a);
      const cosine = dot(hard, i, soft, i, D) / Math.sqrt(dot(hard, i, hard, i, D) * dot(soft, i, soft, i, D));
      // The second nearest has the weight e^{−β gap}; rounding of a direction is below 1e-12.
      expect(1 - cosine).toBeLessThan(2 * N * Math.exp(-700 * (products[0] - products[1])) + 1e-12);
    }
  });

  it("shares a tie equally and does not see tokens that coincide", () => {
    const s = Math.SQRT1_2;
    const tie = velocity("hardmax", Float64Array.of(1, 0, s, s, s, -s), 2, 1);
    expect(largestDifference(tie.subarray(0, 2), [0, 0])).toBeLessThan(1e-15);
    const together = velocity("hardmax", Float64Array.of(1, 0, 1, 0, 0, 1), 2, 1);
    expect(Array.from(together)).toEqual([0, 1, 0, 1, 1, 0]);
    expect(Array.from(velocity("hardmax", Float64Array.of(1, 0, 1, 0), 2, 1))).toEqual([0, 0, 0, 0]);
  });

  it("pairs nearest tokens, which go on as one until all are one", async () => {
    const angles = [0, 0.1, 1, 1.2, 2];
    const x0 = Float64Array.from(angles.flatMap((a) => [Math.cos(a), Math.sin(a)]));
    const times = [1, 60];
    const { results, clouds } = await record({ dynamics: "hardmax", n: 5, d: 2, systems: [{ beta: 0, x0 }], times });
    const at = (i: number) => Math.atan2(clouds[0][0].x[2 * i + 1], clouds[0][0].x[2 * i]);
    // A mutual pair closes by φ̇ = −2 sin φ about its middle: tan(φ/2) falls as e^{−2t}.
    const closed = 2 * Math.atan(Math.tan(0.05) * Math.exp(-2));
    expect(at(1) - at(0)).toBeCloseTo(closed, 7);
    expect((at(1) + at(0)) / 2).toBeCloseTo(0.05, 7);
    expect(results[0]).toMatchObject({ outcome: "reached the end" });
    expect(results[0].restTime).not.toBeNull();
    const end = clouds[0][1].x;
    for (let i = 1; i < 5; i++) expect(dot(end, i, end, 0, 2)).toBeCloseTo(1, 11);
  });
});
