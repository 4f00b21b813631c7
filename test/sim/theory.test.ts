import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { logKernelMass } from "../../sim/engines/harmonic/log-kernel-mass.ts";
import { clusteringTime } from "../../sim/theory/clustering-time.ts";
import { continuousUpTo, criticalNoise } from "../../sim/theory/critical-noise.ts";
import { equiangularCurve, SCHEMES } from "../../sim/theory/equiangular.ts";
import { fastestMode, growthRates } from "../../sim/theory/growth-rates.ts";
import { longContext } from "../../sim/theory/long-context.ts";
import { twoClusterLifetime } from "../../sim/theory/two-clusters.ts";
import { quadrature } from "./cases.ts";

interface Reference {
  growth: { d: number; beta: number; usa: number[]; sa: number[]; kmax: number; gamma_max_usa: number }[];
  equiangular: { kind: "sa" | "usa"; n: number; beta: number; rho0: number; times: number[]; rho: number[] }[];
  long_context: { n: number; rho: number; gamma: number; cosine: number }[];
  critical_noise: { d: number; beta: number; kappa: number }[];
}

const reference = JSON.parse(
  readFileSync(new URL("../fixtures/sim/theory.json", import.meta.url), "utf8"),
) as Reference;

/** The references are SciPy's special functions and solvers at 1e-10 to 1e-12. */
const PROMISE = 1e-8;

function expectClose(value: number | null, wanted: number, relative = PROMISE): void {
  expect(Math.abs((value as number) / wanted - 1)).toBeLessThan(relative);
}

describe("growth rates around the uniform cloud (BPA25a)", () => {
  it("meet the SciPy reference", () => {
    for (const { d, beta, usa, sa, kmax, gamma_max_usa } of reference.growth) {
      const rates = growthRates(d, beta, 80);
      usa.forEach((wanted, j) => {
        expectClose(rates.usa[j], wanted);
        expectClose(Math.exp(rates.logUsa[j] as number), wanted);
      });
      sa.forEach((wanted, j) => {
        expectClose(rates.sa[j], wanted);
      });
      expect(rates.fastest).toBe(kmax);
      expectClose(rates.usa[kmax - 1], gamma_max_usa);
    }
  });

  it("grow fastest at the degrees of the published tables", () => {
    const table: Record<number, Record<number, number>> = {
      2: { 0.5: 1, 1: 1, 2: 2, 3: 2, 4: 3, 5: 3, 7: 4, 9: 4, 16: 6, 25: 7, 30: 8, 50: 10, 100: 14, 1000: 45 },
      3: { 5: 3, 9: 4, 16: 5, 30: 7, 100: 14 },
      8: { 9: 2, 30: 5, 100: 11 },
      128: { 1: 1, 85: 1, 86: 2 },
    };
    for (const [d, row] of Object.entries(table)) {
      for (const [beta, k] of Object.entries(row))
        expect([d, beta, fastestMode(Number(d), Number(beta))]).toEqual([d, beta, k]);
    }
  });

  it("have their limits at β = 0 and null only where a USA rate overflows", () => {
    expect(growthRates(3, 0, 3)).toMatchObject({ sa: [2 / 3, 0, 0], logSa: [Math.log(2 / 3), null, null], fastest: 1 });
    expectClose(growthRates(3, 1e-7, 1).sa[0], 2 / 3);
    const large = growthRates(2, 2000, 80);
    expect(large.usa.every((rate) => rate === null)).toBe(true);
    expect(large.logUsa.every((log) => Number.isFinite(log))).toBe(true);
    expect(large.sa.every((rate) => rate > 0 && rate < 1)).toBe(true);
    expect(growthRates(512, 1, 80).sa[79]).toBeGreaterThanOrEqual(0);
  });

  it("refuse more degrees than memory holds", () => {
    expect(() => growthRates(2, 1, 1e11)).toThrow("kmax: 100000000000.");
  });

  it("have a kernel mass that is the mean of e^{β cos} over the sphere", () => {
    for (const beta of [0, 0.3, 5, 40]) {
      const mean = quadrature((a) => Math.exp(beta * (Math.cos(a) - 1)), 0, Math.PI, 200) / Math.PI;
      expectClose(Math.exp(logKernelMass(2, beta) - beta), mean, 1e-12);
    }
    // d = 3 in closed form: sinh β/β.
    expectClose(logKernelMass(3, 900), 900 - Math.log(1800), 1e-14);
  });
});

describe("critical noise (R §7)", () => {
  it("meets the SciPy reference", () => {
    for (const { d, beta, kappa } of reference.critical_noise) {
      expectClose(criticalNoise(d, beta).usa, kappa);
      expectClose(Math.exp(criticalNoise(d, beta).logUsa), kappa);
    }
  });

  it("is where the growth of degree 1 balances diffusion, (d−1)/κ", () => {
    for (const [d, beta] of [
      [2, 1],
      [8, 5],
    ]) {
      expectClose(criticalNoise(d, beta).sa, (d - 1) / growthRates(d, beta, 1).sa[0], 1e-13);
    }
  });

  it("is continuous up to the published β_*", () => {
    const published = { 2: 2.44692, 3: 1.81615, 8: 1.26655, 128: 1.01569 };
    // Five decimals are printed.
    for (const [d, beta] of Object.entries(published)) expect(continuousUpTo(Number(d))).toBeCloseTo(beta, 4);
  });
});

describe("equiangular curves (R §6)", () => {
  it("meet the SciPy reference", () => {
    for (const { kind, n, beta, rho0, times, rho } of reference.equiangular) {
      const curve = equiangularCurve({ scheme: "post", dynamics: kind, n, beta, rho0, times });
      rho.forEach((wanted, i) => {
        expectClose(curve.rho[i], wanted);
      });
    }
  });

  it("take the published times to 1 − ρ = 1e-3 from ρ = 0, n = 32", () => {
    const published = {
      0.1: 5.192,
      1: 5.27,
      2: 5.458,
      3: 5.898,
      4: 6.954,
      5: 9.544,
      6: 15.995,
      7: 32.233,
      8: 73.446,
      9: 178.731,
    };
    for (const [beta, time] of Object.entries(published)) {
      const found = clusteringTime("sa", 32, Number(beta), 0, 0.999);
      // Three decimals are printed.
      expect(found).toBeCloseTo(time, 2);
      const curve = equiangularCurve({
        scheme: "post",
        dynamics: "sa",
        n: 32,
        beta: Number(beta),
        rho0: 0,
        times: [found],
      });
      expectClose(curve.gap[0], 1e-3, 1e-9);
    }
  });

  it("follow the closed form at β = 0", () => {
    const times = [0, 0.5, 2, 10];
    const { rho } = equiangularCurve({ scheme: "post", dynamics: "usa", n: 7, beta: 0, rho0: 0, times });
    times.forEach((t, i) => {
      expect(Math.abs(rho[i] - Math.expm1(2 * t) / (Math.exp(2 * t) + 6))).toBeLessThan(1e-11);
    });
  });

  it("close in as the table of schemes says: e^{−2t}, t^{−2}, e^{−2αt}, e^{−4√t}", () => {
    const gaps = (scheme: (typeof SCHEMES)[number], times: number[], alpha = 1) =>
      equiangularCurve({ scheme, dynamics: "sa", n: 64, beta: 2, rho0: 0.1, times, alpha }).gap;
    const slope = ([a, b]: readonly number[], by: number) => Math.log(b / a) / by;
    // Asymptotic laws at large t: corrections fall as 1 − ρ does, or as 1/t and log t/t for the power laws.
    expect(slope(gaps("post", [20, 30]), 10)).toBeCloseTo(-2, 6);
    expect(slope(gaps("ngpt", [20, 30], 0.7), 10)).toBeCloseTo(-1.4, 6);
    expect(slope(gaps("sqrt", [100, 400]), Math.sqrt(401) - Math.sqrt(101))).toBeCloseTo(-4, 6);
    for (const scheme of ["pre", "peri", "mix"] as const) {
      expect(slope(gaps(scheme, [1e4, 4e4]), Math.log(4))).toBeCloseTo(-2, 2);
    }
  });

  it("come to rest at times without end: where 1 − ρ underflows it is 0, and nothing is given up", () => {
    for (const scheme of SCHEMES) {
      const curve = equiangularCurve({ scheme, dynamics: "sa", n: 32, beta: 5, rho0: 0, times: [1, 1e300] });
      expect([curve.rho[1], curve.gap[1]]).toEqual([1, 0]);
    }
    expect(equiangularCurve({ scheme: "post", dynamics: "usa", n: 3, beta: 600, rho0: 0, times: [1] }).rho).toEqual([
      1,
    ]);
  });

  it("stay at rest at both ends, ρ = 1 and ρ = −1/(n−1)", () => {
    for (const scheme of SCHEMES) {
      const at = (rho0: number) => equiangularCurve({ scheme, dynamics: "sa", n: 3, beta: 1, rho0, times: [0, 2] }).rho;
      expect(at(1)).toEqual([1, 1]);
      expect(Math.abs(at(-0.5)[1] + 0.5)).toBeLessThan(1e-12);
    }
  });
});

describe("long context (R §6.3, Theorem 7)", () => {
  it("meets the reference", () => {
    for (const { n, rho, gamma, cosine } of reference.long_context)
      expectClose(longContext(n, rho, gamma).cosine, cosine);
  });

  it("is the cosine of two outputs of a real attention layer", () => {
    const [n, rho, gamma] = [12, 0.4, 1.3];
    const weights = Math.exp(gamma * Math.log(n) * (rho - 1));
    // Outputs x_i + c Σ_{j≠i} x_j: inner products from the Gram matrix, by hand.
    const gram = (i: number, j: number) => (i === j ? 1 : rho);
    const output = (i: number) => Array.from({ length: n }, (_, j) => (i === j ? 1 : weights));
    const product = (u: number[], v: number[]) =>
      u.reduce((sum, a, i) => sum + v.reduce((s, b, j) => s + a * b * gram(i, j), 0), 0);
    const [u, v] = [output(0), output(1)];
    expectClose(longContext(n, rho, gamma).cosine, product(u, v) / product(u, u), 1e-13);
  });

  it("has the limits 1, 4ρ/(1+3ρ), ρ, and another threshold at ρ = 0", () => {
    expect([1.9, 2, 2.1].map((gamma) => longContext(10, 0.5, gamma).limit)).toEqual([1, 0.8, 0.5]);
    expect([0.4, 0.5, 0.6].map((gamma) => longContext(10, 0, gamma).limit)).toEqual([1, 0.5, 0]);
    expect(longContext(1e12, 0, 0.5).cosine).toBeCloseTo(0.5, 5);
  });
});

describe("two clusters (R §5)", () => {
  it("live as long as a quadrature in the angle says", () => {
    const wanted = quadrature((p) => (Math.exp(8 * (1 - Math.cos(p))) + 1) / (2 * Math.sin(p)), 0.01, 1.2, 2000);
    expectClose(twoClusterLifetime(8, 1.2, 0.01), wanted, 1e-11);
  });
});

describe("bad input of the theory", () => {
  it("is one line", () => {
    expect(() => growthRates(1, 1, 5)).toThrow("d: 1. use a whole number, 2 or above");
    expect(() => growthRates(2, Number.NaN, 5)).toThrow("beta: NaN.");
    expect(() => longContext(10, 1, 1)).toThrow("rho: 1.");
    expect(() => equiangularCurve({ scheme: "post", dynamics: "sa", n: 3, beta: 1, rho0: -0.6, times: [1] })).toThrow(
      "rho0: -0.6.",
    );
    expect(() => clusteringTime("sa", 3, 1, 0.5, 0.4)).toThrow("rho: 0.4.");
  });
});
