import { describe, expect, it } from "vitest";
import { defineDynamics } from "../../sim/dynamics/define-dynamics.ts";
import type { NoiseChoice } from "../../sim/integrators/noises.ts";
import { simulateNoisy } from "../../sim/simulate/noisy.ts";
import { commonNoise } from "../../sim/theory/common-noise.ts";
import { noisyPairPassage } from "../../sim/theory/noisy-pair.ts";

/** Nothing but noise. */
const still = defineDynamics({ name: "still", field() {}, permutes: true });

interface Run {
  readonly dynamics?: string;
  readonly beta?: number;
  readonly kappa: number;
  readonly noise?: NoiseChoice;
  readonly d: number;
  readonly step: number;
  readonly end: number;
  readonly paths: number;
}

/** Two tokens on the arc at an angle of each other: what a number of the cloud comes to on each path. */
async function ends(
  { dynamics, beta = 0, kappa, noise, d, step, end, paths }: Run,
  angle: number,
  value: (x: ArrayLike<number>) => number,
) {
  const x0 = new Float64Array(2 * d);
  [x0[0], x0[d], x0[d + 1]] = [1, Math.cos(angle), Math.sin(angle)];
  const systems = Array.from({ length: paths }, (_, p) => ({ beta, x0, seed: 100 + p }));
  const found: number[] = [];
  await simulateNoisy(
    { dynamics: dynamics ?? still, n: 2, d, systems, times: [end], kappa, noise, step },
    { save: (_path, _index, _t, { x }) => void found.push(value(x)) },
  );
  return found;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
const logDistance = (d: number) => (x: ArrayLike<number>) =>
  Math.log(Math.hypot(...Array.from({ length: d }, (_, k) => x[k] - x[d + k])));

describe("noises", () => {
  it("common noise draws tokens together at the rate of theory, their own noise does not", async () => {
    const [d, sigma, end] = [3, 0.5, 0.6];
    const run = { kappa: 1 / sigma, d, step: 0.004, end, paths: 600 };
    const found = mean(await ends({ ...run, noise: { kind: "common" } }, 1e-4, logDistance(d))) - Math.log(1e-4);
    // A distance moves by √(2σ) times a number of variance 2t in all: standard error √(2·.5·.6/600) = .03, three of them; steps of .004 are 1 %.
    expect(Math.abs(found - commonNoise(d, sigma, 0).noise * end)).toBeLessThan(0.1);
    const own = mean(await ends({ ...run, noise: { kind: "isotropic" }, paths: 20 }, 1e-4, logDistance(d)));
    expect(own).toBeGreaterThan(Math.log(0.1));
  });

  it("anisotropic noise rests at D^{−1/2}, D = s1 sin² + s2 cos²: Stratonovich's law and no other", async () => {
    const [s1, s2] = [1, 4];
    const law = (power: number) => {
      const angles = Array.from({ length: 1000 }, (_, g) => (2 * Math.PI * g) / 1000);
      const weights = angles.map((t) => (s1 * Math.sin(t) ** 2 + s2 * Math.cos(t) ** 2) ** power);
      return weights.reduce((sum, w, g) => sum + w * Math.cos(angles[g]) ** 2, 0) / weights.reduce((a, b) => a + b);
    };
    const noise = { kind: "anisotropic", strengths: [s1, s2] } as const;
    const run = { kappa: 1, d: 2, noise, step: 0.01, end: 2, paths: 1500 };
    const squares = await ends(run, Math.PI / 2, (x) => (x[0] ** 2 + x[2] ** 2) / 2);
    // 3000 tokens, a standard deviation of .35 each: .0064; three of them and some 1 % for the step. Itô's law is off by .09.
    expect(law(-0.5) - law(-1)).toBeGreaterThan(0.08);
    expect(Math.abs(mean(squares) - law(-0.5))).toBeLessThan(0.025);
  });

  it("multiplicative noise leaves what rests, and two tokens approach at 1 + 1/(2κ)", async () => {
    const run = { dynamics: "sa", kappa: 2, d: 2, step: 0.005, noise: { kind: "multiplicative" } as const };
    const found = mean(await ends({ ...run, end: 1, paths: 500 }, 1e-4, logDistance(2))) - Math.log(1e-4);
    // Variance t/κ of the logarithm: standard error √(.5/500) = .03; Itô's correction is .25.
    expect(Math.abs(found + 1 + 1 / 4)).toBeLessThan(0.1);
    const opposite = await ends({ ...run, end: 1, paths: 3 }, Math.PI, (x) => x[2]);
    for (const x of opposite) expect(x).toBeCloseTo(-1, 9);
  });

  it("are refused where strengths are wrong or not read", async () => {
    const run = { kappa: 1, d: 2, step: 0.1, end: 1, paths: 1 };
    const value = () => 0;
    await expect(ends({ ...run, noise: { kind: "anisotropic" } }, 1, value)).rejects.toThrow("strengths: none.");
    await expect(ends({ ...run, noise: { kind: "common", strengths: [1, 1] } }, 1, value)).rejects.toThrow(
      "strengths:",
    );
  });
});

describe("passages between clusters", () => {
  it("of clusters that attract by shares of mass: free diffusion where β = 0 and κ → 0, slower for larger ones", () => {
    // Without attraction (κ → 0) the time from π to φ1 is (π − φ1)²/(2D), D = (1/m1 + 1/m2)/κ.
    const kappa = 1e-6;
    const passage = noisyPairPassage({ dynamics: "sa", beta: 3, kappa, tokens: [10, 30] }, Math.PI, 0.5);
    const free = ((Math.PI - 0.5) ** 2 / 2 / (1 / 10 + 1 / 30)) * kappa;
    expect(passage / free).toBeCloseTo(1, 4);
    const of = (tokens: readonly [number, number]) =>
      noisyPairPassage({ dynamics: "sa", beta: 9, kappa: 1, tokens }, 2, 0.5);
    expect(of([1, 3])).toBeCloseTo(of([3, 1]), 10);
    expect(of([5, 5])).toBeGreaterThan(of([1, 1]));
  });

  it("of two tokens under noise take the mean time of theory", async () => {
    const [beta, kappa, level] = [1, 2, Math.cos(0.5)];
    const systems = Array.from({ length: 300 }, (_, p) => ({ beta, x0: Float64Array.of(1, 0, -1, 0), seed: 7 + p }));
    const times = Array.from({ length: 4000 }, (_, t) => 0.005 * t);
    const when: number[] = [];
    await simulateNoisy(
      { dynamics: "sa", n: 2, d: 2, systems, times, kappa, step: 0.005 },
      {
        save: (path, _index, t, { x }) => {
          if (when[path] === undefined && x[0] * x[2] + x[1] * x[3] >= level) when[path] = t;
          return when[path] === undefined;
        },
      },
    );
    const wanted = noisyPairPassage({ dynamics: "sa", beta, kappa }, Math.PI, 0.5);
    // Standard error of a time that is roughly exponential: 1/√300 = 6 %; looking every .005 is late by .58 √(D·.005) of .9 rad, some 5 %.
    expect(Math.abs(mean(when) / wanted - 1)).toBeLessThan(0.2);
  });
});
