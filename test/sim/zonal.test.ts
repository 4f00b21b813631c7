import { describe, expect, it } from "vitest";
import { circleFlow } from "../../sim/mean-field/circle-flow.ts";
import { momentsOfVonMises } from "../../sim/mean-field/circle-moments.ts";
import { circleGrowth } from "../../sim/mean-field/circle-stability.ts";
import { densityBifurcation } from "../../sim/mean-field/density-bifurcation.ts";
import { harmonicCount, zonalKernel } from "../../sim/mean-field/gegenbauer.ts";
import { momentsOfVonMisesFisher, zonalFlow } from "../../sim/mean-field/zonal-flow.ts";
import { zonalRule } from "../../sim/mean-field/zonal-rule.ts";
import { zonalGrowth } from "../../sim/mean-field/zonal-stability.ts";
import { continuousUpTo, criticalNoise } from "../../sim/theory/critical-noise.ts";
import { growthRates } from "../../sim/theory/growth-rates.ts";
import { largestDifference } from "./cases.ts";

describe("Gauss's rule on the sphere", () => {
  it("makes P_k of norm 1/N_k, in any width", () => {
    for (const d of [2, 3, 4, 8, 64]) {
      const { masses, row } = zonalRule(d, 24);
      for (let k = 0; k < 12; k++) {
        for (let j = 0; j <= k; j++) {
          const product = masses.reduce((sum, mass, g) => sum + mass * row(k)[g] * row(j)[g], 0);
          // Relative to the two norms: sums of 24 terms.
          const size = Math.sqrt(harmonicCount(d, k) * harmonicCount(d, j));
          expect(Math.abs(product * size - Number(k === j))).toBeLessThan(1e-12);
        }
      }
    }
  });

  it("sums its harmonics up to the kernel", () => {
    for (const [d, beta] of [
      [3, 5],
      [8, 2],
      [3, -2],
    ] as const) {
      const { t, row } = zonalRule(d, 12);
      const kernel = zonalKernel(d, beta);
      for (let g = 0; g < 12; g++) {
        const sum = kernel.reduce((all, c, k) => all + c * row(k)[g], 0);
        expect(Math.abs(sum - Math.exp(beta * t[g] - Math.abs(beta)))).toBeLessThan(1e-14);
      }
    }
  });
});

describe("axisymmetric densities", () => {
  it("on the circle move as circleFlow has it, with noise and without", async () => {
    for (const dynamics of ["sa", "usa"] as const) {
      const common = { dynamics, beta: 2, kappa: 4, times: [0.3], modes: 24 };
      const [circle] = await circleFlow({ ...common, start: momentsOfVonMises(0, 1, 24), tolerance: 1e-12 });
      const [zonal] = await zonalFlow({ ...common, d: 2, start: momentsOfVonMisesFisher(2, 1, 24) });
      expect(largestDifference(circle.re, zonal.moments)).toBeLessThan(1e-10);
    }
  });

  it("grow at the rates of linear theory from nearly uniform, whatever the width", async () => {
    for (const [d, beta] of [
      [3, 5],
      [8, 3],
      [3, -2],
    ] as const) {
      const start = Float64Array.from({ length: 4 }, (_, j) => (j < 3 ? 1e-7 : 0));
      const h = 0.1;
      const [{ moments }] = await zonalFlow({
        dynamics: "sa",
        d,
        beta,
        start,
        times: [h],
        modes: 12,
        tolerance: 1e-15,
      });
      const rates = growthRates(d, beta, 3).sa;
      for (let k = 0; k < 3; k++) expect(Math.log(moments[k] / 1e-7) / h).toBeCloseTo(rates[k], 4);
      // The control: a factor 2 in a rate is seen.
      expect(Math.abs(Math.log(moments[0] / 1e-7) / h - 2 * rates[0])).toBeGreaterThan(0.01);
    }
  });

  it("come to rest on the branch of the bifurcation", async () => {
    const { at, moments } = await densityBifurcation({ dynamics: "sa", d: 4, beta: 3, mostKappa: 12 });
    const [{ order, growth }] = at(9);
    expect(growth).toBeLessThan(0);
    const start = momentsOfVonMisesFisher(4, 2, 16);
    const [state] = await zonalFlow({ dynamics: "sa", d: 4, beta: 3, kappa: 9, start, times: [400], modes: 16 });
    expect(largestDifference(state.moments.slice(0, 6), moments(order, 6))).toBeLessThan(1e-9);
  });
});

describe("stability on the sphere", () => {
  it("is that of the circle at d = 2", async () => {
    const { at, moments } = await densityBifurcation({ dynamics: "usa", beta: 5 });
    for (const { order, kappa } of at(0.195)) {
      const own = moments(order, 80);
      const [circle, zonal] = [circleGrowth("usa", 5, kappa, own), zonalGrowth("usa", 2, 5, kappa, own)];
      expect(Math.abs(zonal! - circle!)).toBeLessThan(1e-6 * Math.abs(circle!));
    }
  });

  it("of the uniform density is lost at κ_#, in any width", () => {
    for (const d of [3, 8]) {
      for (const dynamics of ["sa", "usa"] as const) {
        const loss = criticalNoise(d, 2)[dynamics];
        expect(zonalGrowth(dynamics, d, 2, 0.999 * loss, [])).toBeLessThan(0);
        expect(zonalGrowth(dynamics, d, 2, 1.001 * loss, [])).toBeGreaterThan(0);
      }
    }
  });

  it("makes the transition of USA at d = 3 continuous up to β_* and no further", async () => {
    const star = continuousUpTo(3);
    for (const [beta, turns] of [
      [star - 0.1, 0],
      [star + 0.1, 1],
    ] as const) {
      const found = await densityBifurcation({ dynamics: "usa", d: 3, beta, mostKappa: 1e-9 });
      expect(found.turns).toHaveLength(turns);
    }
  });
});
