import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { fit } from "../../src/comparison/fit.ts";
import { equiangularCloud, independentCloud } from "../../src/laws/starts.ts";
import { evenTimes, simulatedStates } from "../fit/simulated-states.ts";

function moments(values: Float64Array): readonly [mean: number, variance: number] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return [mean, values.reduce((sum, g) => sum + (g - mean) ** 2, 0) / values.length];
}

describe("independent tokens", () => {
  it.each([
    [0, 0.2],
    [0.3, 0.02],
    [0.5, 0.24],
    [0.9, 0.0001],
    [0, 0.9],
  ])("of mean %f and variance %f have these, and length 1", (mean, variance) => {
    const cloud = independentCloud(700, mean, variance, randomSource(4));
    for (let i = 0; i < 5; i++) {
      const row = cloud.x.subarray(i * cloud.d, (i + 1) * cloud.d);
      expect(Math.hypot(...row)).toBeCloseTo(1, 12);
    }
    const [m, v] = moments(innerProducts(cloud, true));
    // n = 700: the mean errs by some 2 √variance/n, the variance by √(2/n) of itself where few directions carry it.
    expect(Math.abs(m - mean)).toBeLessThan(0.004 + 6 * (Math.sqrt(variance) / 700));
    expect(Math.abs(v / variance - 1)).toBeLessThan(0.15);
  });
});

describe("equiangular tokens", () => {
  it.each([-0.1, 0, 0.4, 1])("have one inner product, %f", (rho) => {
    const products = innerProducts(equiangularCloud(9, rho), true);
    for (const g of products) expect(g).toBeCloseTo(rho, 12);
  });

  it("cannot be further apart than a simplex: what is asked beyond it is that", () => {
    for (const g of innerProducts(equiangularCloud(5, -0.9), true)) expect(g).toBeCloseTo(-1 / 4, 12);
  });
});

describe("a fit from tokens that are not the network's", () => {
  const QUICK = {
    families: ["sa"],
    bootstrap: 0,
    time: "linear",
    betaMin: 1,
    betaMax: 4,
    updates: false,
    checks: false,
  } as const;

  it("compares the distribution, says so, and claims nothing of pairs and tokens", async () => {
    const states = await simulatedStates({ dynamics: "sa", beta: 2, n: 10, d: 4, seed: 3, times: evenTimes(4, 2) });
    const { families, averaging, verdict, conclusion, best } = await fit([states], { ...QUICK, init: "iid" });
    const [sa] = families;
    expect(sa).toMatchObject({ start: "iid", pair_skill: null, token_skill: null });
    expect(averaging).toMatchObject({ start: "iid" });
    expect(sa.skill!).toBeGreaterThan(0);
    expect(sa.w1_by_layer[0]).toBeGreaterThan(0);
    expect([conclusion, best]).toEqual(["undecided", "frozen"]);
    expect(verdict).toMatch(/SA at β = .* starts from other tokens than the network's, .*This is no evidence of which/);
  });

  it("is refused for a dynamics that knows its directions", async () => {
    const matrix = [0, 1, 2].map((i) => [0, 1, 2].map((j) => Number(i === j)));
    const x = uniformCloud(5, 3, randomSource(2)).x;
    const layers = [0, 1].map((layer) => ({ layer, x: Float32Array.from(x) }));
    const states = { batch: 1, n: 5, d: 3, layers, mask: new Uint8Array(5).fill(1), special: null, tokens: null };
    const { familyOf } = await import("../../src/laws/families.ts");
    const qkv = { ...familyOf("sa_qkv"), parameters: { Q: matrix, K: matrix, V: matrix } };
    await expect(fit([states], { ...QUICK, families: [qkv], init: "iid" })).rejects.toThrow(
      /^start: iid\. sa_qkv starts from the network's tokens only/,
    );
  });
});
