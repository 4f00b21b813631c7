import { describe, expect, it } from "vitest";
import { attentionLayers, lawOf } from "../../bench/clouds/attention-clouds.mjs";
import { attentionVelocity, logEnergy } from "../../bench/clouds/attention-law.mjs";
import { CATALOGUE, cloudNamed } from "../../bench/clouds/catalogue.mjs";
import { flow, TIME_MAPS } from "../../bench/clouds/flow.mjs";
import { statesOf } from "../../bench/clouds/kinds.mjs";
import { randomNumbers } from "../../bench/clouds/random.mjs";
import { applied, distance, dot, meanCosine, noisy, randomRotation, turning } from "../../bench/clouds/sphere.mjs";
import { anisotropic, uniform } from "../../bench/clouds/starts.mjs";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { simulate } from "../../sim/simulate/simulate.ts";

/** Largest distance of a row's length from 1. */
function offSphere(x: ArrayLike<number>, d: number): number {
  return Math.max(
    ...Array.from({ length: x.length / d }, (_, i) => Math.abs(Math.sqrt(dot(x, i * d, x, i * d, d)) - 1)),
  );
}

function products(x: ArrayLike<number>, d: number): number[] {
  const n = x.length / d;
  return Array.from({ length: n * n }, (_, at) => dot(x, Math.floor(at / n) * d, x, (at % n) * d, d));
}

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
}

describe("the catalogue of clouds", () => {
  it("has names of their own, forty kinds without attention, twenty with it, and a reason for each", () => {
    expect(new Set(CATALOGUE.map(({ name }) => name)).size).toBe(CATALOGUE.length);
    const count = (truth: string) => CATALOGUE.filter((one) => one.truth === truth).length;
    expect(count("attention")).toBeGreaterThanOrEqual(20);
    expect(count("other")).toBeGreaterThanOrEqual(40);
    expect(CATALOGUE.filter(({ why }) => why.length < 20)).toEqual([]);
  });

  // Those with attention differ in numbers, not in code, and cost more.
  const others = CATALOGUE.filter(({ truth }) => truth === "other");
  it.each(others.map((one) => [one.name, one] as const))("%s moves unit tokens through all its layers", (_, one) => {
    const { layers }: HiddenStates = statesOf(one, 3);
    expect(layers.map(({ x }) => x.length)).toEqual(new Array(one.layers + 1).fill(one.n * one.d));
    for (const { x } of layers) {
      expect(x.every(Number.isFinite)).toBe(true);
      // float32; the one that has lengths of its own is about them.
      if (one.name !== "heaviest") expect(offSphere(x, one.d)).toBeLessThan(1e-6);
    }
    expect(distance(layers[0].x, layers[one.layers].x, one.d)).toBeGreaterThan(0.05);
  });

  it("gives the same states for a seed, and others for another", () => {
    const one = cloudNamed("gossip");
    expect(statesOf(one, 3)).toEqual(statesOf(one, 3));
    expect(statesOf(one, 4)).not.toEqual(statesOf(one, 3));
  });
});

describe("the clouds' own integrator", () => {
  const size = { n: 10, d: 5 };
  // USA's weights here are e^{β(G−1)}, so that its time is e^β times the library's.
  it.each([
    ["sa", { beta: 4 }, {}, 1],
    ["usa", { beta: 2, kernel: "exponential" }, {}, Math.exp(2)],
    ["sa_causal", { beta: 3, causal: true }, {}, 1],
    ["usa_causal", { beta: 1, kernel: "exponential", causal: true }, {}, Math.exp(1)],
    ["sa_ngpt", { beta: 4, unitLength: true }, { alpha: 1 }, 1],
    ["sa_repulsive", { beta: 4, value: Float64Array.from({ length: 25 }, (_, i) => (i % 6 === 0 ? -1 : 0)) }, {}, 1],
  ])("agrees with the library's along %s", async (dynamics, law, params, slower) => {
    const x0 = uniform(randomNumbers(5), size);
    const times = [0, 0.5, 1.5];
    const ours = flow(
      attentionVelocity({ ...size, ...law }),
      x0,
      size.d,
      times.map((t) => t * slower),
      { tolerance: 1e-11 },
    );
    const theirs: Float64Array[] = [];
    const save = (_system: number, _index: number, _t: number, cloud: { readonly x: ArrayLike<number> }): void => {
      theirs.push(Float64Array.from(cloud.x));
    };
    const systems = [{ beta: law.beta, x0: Float64Array.from(x0) }];
    await simulate({ dynamics, params, ...size, systems, times, rtol: 1e-10, atol: 1e-10 }, { save });
    // Both at 1e-10 a step, some tens of steps.
    times.forEach((_, k) => {
      expect(farthest(ours[k], theirs[k])).toBeLessThan(1e-7);
    });
  });

  it("ends where the tokens have moved as far as asked", () => {
    const row = { ...size, n: 24, family: "sa", beta: 4, start: "uniform", time: "linear", layers: 6, way: 0.5 };
    const layers = attentionLayers(randomNumbers(1), row);
    // The end is interpolated within a step of a coarse run.
    expect(distance(layers[0], layers[6], row.d)).toBeCloseTo(0.5, 2);
  });

  it("raises the energy along SA and USA and lowers it where V = −I", () => {
    const x0 = uniform(randomNumbers(2), { n: 24, d: 6 });
    const along = (law: object) =>
      flow(attentionVelocity({ n: 24, d: 6, beta: 4, ...law }), x0, 6, [0, 0.3, 0.6, 0.9]).map((x) =>
        logEnergy(x, 6, 4),
      );
    const rises = (energies: number[]) => energies.slice(1).map((e, k) => e > energies[k]);
    expect(rises(along({}))).toEqual([true, true, true]);
    expect(rises(along({ kernel: "exponential" }))).toEqual([true, true, true]);
    expect(rises(along({ value: Float64Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? -1 : 0)) }))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("has time maps that run from 0 to 1 and never back", () => {
    for (const map of Object.values(TIME_MAPS)) {
      const shares = Array.from({ length: 11 }, (_, k) => map(k / 10));
      expect(shares[0]).toBeCloseTo(0, 12);
      expect(shares[10]).toBeCloseTo(1, 12);
      expect(shares.slice(1).every((share, k) => share > shares[k])).toBe(true);
    }
  });
});

describe("what the clouds are made of", () => {
  const random = randomNumbers(8);

  it("has numbers of mean 0 and variance 1, and permutations", () => {
    const x = random.normals(20_000);
    // Five standard errors.
    expect(Math.abs(x.reduce((a: number, b: number) => a + b) / x.length)).toBeLessThan(0.036);
    expect(Math.abs(x.reduce((a: number, b: number) => a + b * b) / x.length - 1)).toBeLessThan(0.05);
    expect(random.permutation(50).sort((a: number, b: number) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
  });

  it("has rotations: products stay", () => {
    const x = uniform(random, { n: 9, d: 7 });
    for (const m of [randomRotation(random, 7), turning(random, 6, 1.2)]) {
      const d = Math.sqrt(m.length);
      const y = d === 7 ? x : uniform(random, { n: 9, d });
      expect(farthest(products(applied(m, y, d), d), products(y, d))).toBeLessThan(1e-12);
    }
  });

  it("has starts of the mean cosine that they name", () => {
    // Standard error of the mean product of 400 uniform tokens: √(2/d)/n = .001.
    expect(Math.abs(meanCosine(uniform(random, { n: 400, d: 12 }), 12))).toBeLessThan(0.005);
    // Directions of unequal size add to c; the means of 400 tokens are known to .02.
    expect(Math.abs(meanCosine(anisotropic(random, { n: 400, d: 24, c: 0.4 }), 24) - 0.4)).toBeLessThan(0.03);
  });

  it("has tangent noise of the length that it names", () => {
    const x = uniform(random, { n: 2000, d: 16 });
    // The projection to the sphere shortens .1 by half a per cent; the mean over 2000 tokens is known to as much.
    expect(distance(x, noisy(x, 16, 0.1, random), 16)).toBeCloseTo(0.1, 2);
  });

  it("has a rigid turn that changes no product", () => {
    const one = cloudNamed("rigid");
    const { layers } = statesOf(one, 1);
    // float32
    expect(farthest(products(layers[one.layers].x, one.d), products(layers[0].x, one.d))).toBeLessThan(1e-6);
    expect(distance(layers[0].x, layers[one.layers].x, one.d)).toBeGreaterThan(1);
  });

  it("has velocities that are tangent", () => {
    const x = uniform(random, { n: 12, d: 5 });
    const v = new Float64Array(x.length);
    lawOf({ n: 12, d: 5, family: "usa", beta: 3 })(x, v);
    for (let i = 0; i < 12; i++) expect(Math.abs(dot(x, i * 5, v, i * 5, 5))).toBeLessThan(1e-15);
  });
});
