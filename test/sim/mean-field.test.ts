import { describe, expect, it } from "vitest";
import { besselRatios } from "../../sim/engines/harmonic/bessel-ratios.ts";
import { circleFlow } from "../../sim/mean-field/circle-flow.ts";
import { circleDensity, momentsOfAngles, momentsOfWrappedNormal } from "../../sim/mean-field/circle-moments.ts";
import { growthRates } from "../../sim/theory/growth-rates.ts";
import { largestDifference, quadrature, record } from "./cases.ts";

const zeros = (modes: number) => new Array<number>(modes).fill(0);

describe("moments on the circle", () => {
  it("are those of the density that they give", () => {
    const moments = momentsOfWrappedNormal(0.7, 0.5, 30);
    for (const k of [0, 1, 2, 5]) {
      const re = quadrature((t) => circleDensity(moments, t) * Math.cos(k * t), 0, 2 * Math.PI, 60);
      // Quadrature of smooth periodic functions to rounding.
      expect(re).toBeCloseTo(k === 0 ? 1 : moments.re[k - 1], 12);
    }
    expect(momentsOfAngles([0.3, 0.3], 2)).toEqual({
      re: [Math.cos(0.3), Math.cos(0.6)],
      im: [Math.sin(0.3), Math.sin(0.6)],
    });
  });
});

describe("the flow of a density on the circle", () => {
  it("grows small perturbations of the uniform density at the rates of linear theory, less k²/κ with noise", async () => {
    for (const dynamics of ["sa", "usa"] as const) {
      for (const kappa of [Number.POSITIVE_INFINITY, 30]) {
        for (const k of [1, 3, 4]) {
          const re = zeros(16);
          re[k - 1] = 1e-7;
          const options = { dynamics, beta: 5, kappa, start: { re, im: zeros(16) }, modes: 16, tolerance: 1e-15 };
          const t = dynamics === "sa" ? 1 : 0.05;
          const [state] = await circleFlow({ ...options, times: [t] });
          const rate = growthRates(2, 5, 4)[dynamics][k - 1]! - (k * k) / kappa;
          // The perturbation is 1e-7 of the density and acts on itself by its square.
          expect(Math.abs(Math.log(state.re[k - 1] / 1e-7) / t - rate)).toBeLessThan(1e-5 * Math.max(1, rate));
        }
      }
    }
  });

  it("at β = 0 keeps a wrapped Cauchy law so: r²/(1−r²) grows as e^t (Ott & Antonsen)", async () => {
    const modes = 100;
    const r0 = 0.4;
    const re = Array.from({ length: modes }, (_, j) => r0 ** (j + 1));
    const [state] = await circleFlow({ dynamics: "sa", beta: 0, start: { re, im: zeros(modes) }, modes, times: [1.5] });
    const odds = (r0 * r0 * Math.exp(1.5)) / (1 - r0 * r0);
    const r = Math.sqrt(odds / (1 + odds));
    // Errors of 1e-9 a step; moments beyond the hundredth are r^100 = 1e-14.
    for (const k of [1, 2, 5, 20]) expect(Math.abs(state.re[k - 1] - r ** k)).toBeLessThan(1e-7);
    expect(state.tail).toBeLessThan(1e-9);
  });

  it("is the limit of many particles: at quantiles of the start they keep its moments", async () => {
    const n = 4000;
    const modes = 64;
    // θ + 0.2 sin θ + 0.05 cos 2θ of evenly spaced θ: a smooth density, and sums over it are exact to rounding.
    const angles = Float64Array.from({ length: n }, (_, j) => {
      const t = (2 * Math.PI * j) / n;
      return t + 0.2 * Math.sin(t) + 0.05 * Math.cos(2 * t);
    });
    const x0 = Float64Array.from({ length: 2 * n }, (_, e) => (e % 2 ? Math.sin : Math.cos)(angles[e >> 1]));
    for (const dynamics of ["sa", "usa"] as const) {
      const times = dynamics === "sa" ? [0.5, 1] : [0.02, 0.05];
      const { clouds } = await record({ dynamics, n, d: 2, systems: [{ beta: 4, x0 }], times, merge: false });
      const states = await circleFlow({ dynamics, beta: 4, start: momentsOfAngles(angles, modes), modes, times });
      clouds[0].forEach(({ x }, t) => {
        const moments = momentsOfAngles(
          Array.from({ length: n }, (_, j) => Math.atan2(x[2 * j + 1], x[2 * j])),
          8,
        );
        // What is cut off is nothing beside 1e-6, a few hundred steps' errors; the motion is a thousand times that.
        expect(states[t].tail).toBeLessThan(1e-8);
        expect(largestDifference(states[t].re.slice(0, 8), moments.re)).toBeLessThan(1e-6);
        expect(largestDifference(states[t].im.slice(0, 8), moments.im)).toBeLessThan(1e-6);
        expect(largestDifference(states[t].re.slice(0, 8), momentsOfAngles(angles, 8).re)).toBeGreaterThan(1e-3);
      });
    }
  });

  it("with noise at β = 0 ends in exp(κ r cos θ) with r = I_1(κr)/I_0(κr): 0 up to κ = 2 (R §7)", async () => {
    const start = { re: [0.5], im: [0] };
    for (const kappa of [1.5, 3]) {
      const [state] = await circleFlow({ dynamics: "sa", beta: 0, kappa, start, modes: 16, times: [60] });
      let r = 1;
      for (let step = 0; step < 1000; step++) r = besselRatios(0, kappa * r, 1)[0];
      const [r1, r2] = besselRatios(0, Math.max(kappa * r, 1e-300), 2);
      // The slowest rate is that of r, 1/κ − 1/2 = 0.17 at κ = 1.5: e^{−10} of the start is left of it.
      expect(Math.abs(state.re[0] - r)).toBeLessThan(kappa < 2 ? 1e-4 : 1e-7);
      expect(Math.abs(state.re[1] - r1 * r2)).toBeLessThan(kappa < 2 ? 1e-4 : 1e-7);
    }
  });

  it("says by its tail where a density has grown too narrow for its moments", async () => {
    const start = momentsOfWrappedNormal(0, 0.6, 32);
    const [early, late] = await circleFlow({
      dynamics: "sa",
      beta: 1,
      start,
      modes: 32,
      times: [0.1, 4],
      tolerance: 1e-6,
    });
    expect(early.tail).toBeLessThan(1e-6);
    expect(late.tail).toBeGreaterThan(1e-3);
  });

  it("refuses numbers out of range", async () => {
    const good = { dynamics: "sa", beta: 1, start: { re: [0.1], im: [0] }, times: [1] } as const;
    await expect(circleFlow({ ...good, beta: -701 })).rejects.toThrow("beta: -701.");
    await expect(circleFlow({ ...good, kappa: 0 })).rejects.toThrow("kappa: 0.");
    await expect(circleFlow({ ...good, modes: 0 })).rejects.toThrow("modes: 0.");
    await expect(circleFlow({ ...good, times: [2, 1] })).rejects.toThrow("times: 1 after 2.");
  });
});
