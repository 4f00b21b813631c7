import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { leadingEigenvalue } from "../../probes/numerics/leading-eigenvalue.ts";
import { besselRatios } from "../../sim/engines/harmonic/bessel-ratios.ts";
import { type CircleFlowOptions, circleFlow } from "../../sim/mean-field/circle-flow.ts";
import { densityOnGrid, momentsOfVonMises, momentsOfWrappedNormal } from "../../sim/mean-field/circle-moments.ts";
import { circleGrowth } from "../../sim/mean-field/circle-stability.ts";
import { type Bifurcation, densityBifurcation } from "../../sim/mean-field/density-bifurcation.ts";
import { continuousUpTo, criticalNoise } from "../../sim/theory/critical-noise.ts";
import { growthRates } from "../../sim/theory/growth-rates.ts";

/** The positive solution of r = I_1(κr)/I_0(κr), by bisection; 0 up to κ = 2. */
function kuramotoOrder(kappa: number): number {
  let [low, high] = [1e-9, 1];
  for (let step = 0; step < 60; step++) {
    const r = (low + high) / 2;
    if (besselRatios(0, kappa * r, 1)[0] > r) low = r;
    else high = r;
  }
  return high < 1e-8 ? 0 : low;
}

/** Made once for each dynamics and β. */
const made = new Map<string, Bifurcation>();
async function bifurcation(dynamics: "sa" | "usa", beta: number): Promise<Bifurcation> {
  const key = `${dynamics} ${beta}`;
  const found = made.get(key) ?? (await densityBifurcation({ dynamics, beta }));
  made.set(key, found);
  return found;
}

const flowTo = async (options: Omit<CircleFlowOptions, "times">, time: number) =>
  (await circleFlow({ ...options, times: [time] }))[0];

describe("the Fokker–Planck equation on the circle", () => {
  it("without attention's help smooths every mode at k²/κ exactly, however stiff", async () => {
    // So much noise that attention is 1e-6 of it: 256 modes fall at up to 6.5e7 a unit of time.
    const start = momentsOfWrappedNormal(0.3, 0.1, 256);
    const state = await flowTo({ dynamics: "sa", beta: 1, kappa: 1e-3, start, modes: 256 }, 5e-4);
    for (const k of [1, 2, 3]) {
      const size = Math.hypot(state.re[k - 1], state.im[k - 1]);
      const wanted = Math.hypot(start.re[k - 1], start.im[k - 1]) * Math.exp(-k * k * 0.5);
      // Attention moves at most t·k = 1.5e-3 of a mode.
      expect(Math.abs(size / wanted - 1)).toBeLessThan(2e-3);
    }
  });

  it("keeps mass 1 and the density positive to rounding", async () => {
    for (const dynamics of ["sa", "usa"] as const) {
      const start = momentsOfWrappedNormal(1, 0.3, 96);
      const states = await circleFlow({ dynamics, beta: 3, kappa: 4, start, modes: 96, times: [0.05, 0.5, 2] });
      for (const state of states) {
        expect(state.tail).toBeLessThan(1e-9);
        // A smooth density that is resolved to 1e-9 is negative by no more.
        expect(state.lowest).toBeGreaterThan(-1e-8);
        const mass = densityOnGrid(state, 512).reduce((a, b) => a + b) * ((2 * Math.PI) / 512);
        expect(Math.abs(mass - 1)).toBeLessThan(1e-12);
      }
    }
    // And says where it is not: three peaks cut at 12 modes.
    const cut = await flowTo({ dynamics: "usa", beta: 5, start: momentsOfVonMises(0, 20, 12), modes: 12 }, 0.001);
    expect(cut.lowest).toBeLessThan(-0.01);
  });

  it("lowers the free energy of USA all the way to the density at rest", async () => {
    const [beta, kappa, modes] = [2, 3, 48];
    const start = momentsOfWrappedNormal(0, 1.5, modes);
    const times = [0, 0.1, 0.3, 1, 3, 10, 40];
    const kernel = [1, ...besselRatios(0, beta, 20)];
    for (let k = 1; k < kernel.length; k++) kernel[k] *= kernel[k - 1];
    const logMass = growthRates(2, beta, 1).logUsa[0]! - growthRates(2, beta, 1).logSa[0]!;
    const states = await circleFlow({ dynamics: "usa", beta, kappa, start, modes, times });
    const energies = states.map(({ re, im }) => {
      const density = densityOnGrid({ re, im }, 512);
      const entropy = density.reduce((sum, p) => sum + p * Math.log(2 * Math.PI * p), 0) * ((2 * Math.PI) / 512);
      const pull = kernel.reduce((sum, w, k) => (k === 0 ? 0 : sum + w * (re[k - 1] ** 2 + im[k - 1] ** 2)), 0);
      return entropy / kappa - (Math.exp(logMass) * pull) / beta;
    });
    energies.slice(1).forEach((energy, i) => {
      expect(energy).toBeLessThan(energies[i] + 1e-12);
    });
    const rest = (await bifurcation("usa", beta)).at(kappa)[0];
    // The slowest rate there is 0.5; e^{−40·0.5} of the way is left, and energies are quadratic in it.
    expect(Math.abs(energies[6] - rest.freeEnergy!)).toBeLessThan(1e-7);
  });
});

describe("densities at rest", () => {
  it("at β = 0 are those of the noisy Kuramoto model, r = I_1(κr)/I_0(κr), to 1e-8, for both dynamics", async () => {
    for (const dynamics of ["sa", "usa"] as const) {
      const { at, criticalKappa } = await bifurcation(dynamics, 0);
      expect(criticalKappa).toBeCloseTo(2, 12);
      for (const kappa of [1.2, 1.99]) expect(at(kappa)).toEqual([]);
      for (const kappa of [2.001, 2.1, 3, 4, 7.5]) {
        const [{ order, growth }, ...others] = at(kappa);
        expect(others).toEqual([]);
        expect(Math.abs(order - kuramotoOrder(kappa))).toBeLessThan(1e-8);
        expect(growth!).toBeLessThan(0);
      }
    }
  });

  it("leave the uniform one at the critical κ of theory: β/Λ_1 and βI_0/I_1", async () => {
    for (const beta of [1, 5]) {
      for (const dynamics of ["sa", "usa"] as const) {
        const { criticalKappa, branch } = await bifurcation(dynamics, beta);
        expect(Math.abs(criticalKappa / criticalNoise(2, beta)[dynamics] - 1)).toBeLessThan(1e-12);
        // κ moves with r²; the first point has r = 0.01.
        expect(Math.abs(branch[1].kappa / criticalKappa - 1)).toBeLessThan(2e-4);
      }
    }
    expect((await bifurcation("usa", 1)).criticalKappa).toBeCloseTo(1.7694, 4);
    expect((await bifurcation("usa", 5)).criticalKappa).toBeCloseTo(0.20546, 5);
  });

  it("of USA turn below κ_# just where β exceeds β_* = 2.44692 (R §7), and nowhere up to it", async () => {
    for (const beta of [1, 2.4, 2.446]) {
      const { turns, equalEnergy, branch, criticalKappa } = await bifurcation("usa", beta);
      expect({ turns, equalEnergy }).toEqual({ turns: [], equalEnergy: null });
      expect(Math.min(...branch.map(({ kappa }) => kappa))).toBe(criticalKappa);
    }
    for (const [beta, below] of [
      [2.448, 1e-9],
      [2.5, 1e-4],
      [3, 0.01],
      [5, 0.1],
    ]) {
      const { turns, equalEnergy, criticalKappa } = await bifurcation("usa", beta);
      expect(turns).toHaveLength(1);
      expect(1 - turns[0].kappa / criticalKappa).toBeGreaterThan(below);
      expect(equalEnergy!).toBeGreaterThan(turns[0].kappa);
      expect(equalEnergy!).toBeLessThan(criticalKappa);
    }
  });

  it("of USA bend at κ_# with κ/κ_# − 1 = c r², c changing its sign at β_*", async () => {
    const curvature = async (beta: number) => {
      const { branch, criticalKappa } = await densityBifurcation({ dynamics: "usa", beta, mostKappa: 1e-9 });
      return (branch[1].kappa / criticalKappa - 1) / branch[1].order ** 2;
    };
    const star = continuousUpTo(2);
    const [left, right] = [star - 0.01, star + 0.01];
    const [a, b] = [await curvature(left), await curvature(right)];
    // Straight between the two; c bends by 1e-5 over 0.02, and the next term in r is 1e-4 of the first.
    expect(Math.abs(left + (0.02 * a) / (a - b) - star)).toBeLessThan(1e-3);
    expect(await curvature(0)).toBeCloseTo(0.5, 3);
  });

  it("of SA do not turn", async () => {
    for (const beta of [1, 3, 5]) {
      const { turns, branch, criticalKappa } = await bifurcation("sa", beta);
      expect(turns).toEqual([]);
      branch.slice(1).forEach(({ kappa, growth }, i) => {
        expect(kappa).toBeGreaterThan(branch[i].kappa);
        expect(growth!).toBeLessThan(0);
      });
      expect(branch.at(-1)!.kappa).toBeGreaterThan(3.9 * criticalKappa);
    }
  });

  it("rest under the equation in time, and what is not a density at rest does not", async () => {
    for (const [dynamics, beta, kappa] of [
      ["usa", 5, 0.2],
      ["sa", 5, 6.5],
    ] as const) {
      const found = await bifurcation(dynamics, beta);
      for (const { order } of found.at(kappa)) {
        const re = Array.from(found.moments(order, 64));
        const options = { dynamics, beta, kappa, start: { re, im: re.map(() => 0) }, modes: 64, tolerance: 1e-12 };
        const state = await flowTo(options, 0.5);
        // Rounding grows by e^{0.5·growth} at most.
        expect(Math.max(...state.re.map((value, j) => Math.abs(value - re[j])))).toBeLessThan(1e-9);
        const moved = await flowTo({ ...options, kappa: 1.05 * kappa }, 0.5);
        expect(Math.abs(moved.re[0] - re[0])).toBeGreaterThan(1e-4);
      }
    }
  });

  it("with two peaks leave the uniform one at β/I_2, unstable to one peak", async () => {
    const { criticalKappa, branch, moments } = await densityBifurcation({ dynamics: "usa", beta: 5, peaks: 2 });
    const rate = growthRates(2, 5, 2).usa[1]!;
    expect(criticalKappa).toBeCloseTo(4 / rate, 12);
    expect(branch[1].growth!).toBeGreaterThan(0);
    const [odd, even] = [moments(0.5, 4), moments(0.5, 4)[1]];
    expect([odd[0], odd[2]]).toEqual([0, 0]);
    expect(even).toBeCloseTo(0.5, 12);
  });

  it("are refused for numbers out of range", async () => {
    await expect(densityBifurcation({ dynamics: "usa", beta: -1 })).rejects.toThrow("beta: -1.");
    await expect(densityBifurcation({ dynamics: "usa", beta: 1, peaks: 0 })).rejects.toThrow("peaks: 0.");
    await expect(densityBifurcation({ dynamics: "usa", beta: 0, peaks: 2 })).rejects.toThrow("peaks: 2.");
    await expect(densityBifurcation({ dynamics: "usa", beta: 1, mostKappa: -1 })).rejects.toThrow("mostKappa: -1.");
  });
});

describe("stability", () => {
  it("of the uniform density is linear theory's largest rate less k²/κ", () => {
    for (const dynamics of ["sa", "usa"] as const) {
      for (const kappa of [0.1, 1, 30]) {
        const rates = growthRates(2, 5, 12)[dynamics].map((rate, j) => rate! - (j + 1) ** 2 / kappa);
        const growth = circleGrowth(dynamics, 5, kappa, [])!;
        expect(Math.abs(growth - Math.max(...rates))).toBeLessThan(1e-7 * Math.max(1, Math.abs(growth)));
      }
    }
  });

  it("changes where the branch turns: unstable before, stable after", async () => {
    const { branch, turns } = await bifurcation("usa", 5);
    for (const { order, growth } of branch.slice(1)) {
      if (Math.abs(order - turns[0].order) > 0.01) expect(growth! < 0).toBe(order > turns[0].order);
    }
    // At the turn a perturbation neither grows nor falls; the order is found to 1e-8, rates change by 5 a unit of it.
    expect(Math.abs(turns[0].growth!)).toBeLessThan(1e-5);
  });

  it("is the rate at which a perturbation is seen to grow or fall, for USA and for SA", async () => {
    for (const [dynamics, beta, kappa] of [
      ["usa", 5, 0.195],
      ["sa", 3, 6],
    ] as const) {
      const found = await bifurcation(dynamics, beta);
      for (const { order, growth } of found.at(kappa)) {
        const re = Array.from(found.moments(order, 48));
        const start = { re: re.map((value, j) => value + (j === 0 ? 1e-6 : 0)), im: re.map(() => 0) };
        const common = { dynamics, beta, kappa, start, modes: 48, tolerance: 1e-14 };
        const span = 3 / Math.abs(growth!);
        const states = await circleFlow({ ...common, times: [span, 1.2 * span] });
        const [early, late] = states.map((state) => Math.abs(state.re[0] - re[0]));
        // Faster modes are gone by then; the perturbation itself is 1e-5 at most.
        expect(Math.abs(Math.log(late / early) / (0.2 * span) / growth! - 1)).toBeLessThan(0.02);
      }
    }
  });

  it("decides which density a start comes to: between the turn and κ_# both are kept", async () => {
    const kappa = 0.195;
    const found = await bifurcation("usa", 5);
    const [saddle, peak] = found.at(kappa);
    const from = async (order: number) => {
      const re = Array.from(found.moments(order, 48));
      const start = { re, im: re.map(() => 0) };
      return (await flowTo({ dynamics: "usa", beta: 5, kappa, start, modes: 48 }, 60)).re[0];
    };
    // The slower of the two rates is 0.26: e^{−15} is left of the start.
    expect(Math.abs((await from(saddle.order * 1.02)) - peak.order)).toBeLessThan(1e-5);
    expect(Math.abs(await from(saddle.order * 0.98))).toBeLessThan(1e-5);
    expect(saddle.freeEnergy!).toBeGreaterThan(0);
  });

  it("is found as ml-matrix finds the largest eigenvalue", () => {
    const random = randomSource(5);
    for (let trial = 0; trial < 5; trial++) {
      const size = 12;
      // D S with S symmetric and D positive: real eigenvalues, as of a gradient flow, in a matrix that is not symmetric.
      const s = Array.from({ length: size }, () => Array.from({ length: size }, () => random() - 0.5));
      const a = Float64Array.from({ length: size * size }, (_, e) => {
        const [i, j] = [Math.floor(e / size), e % size];
        return (0.5 + i) * (s[Math.min(i, j)][Math.max(i, j)] - (i === j ? i : 0));
      });
      const rows = Array.from({ length: size }, (_, i) => [...a.subarray(i * size, (i + 1) * size)]);
      const wanted = Math.max(...new EigenvalueDecomposition(new Matrix(rows)).realEigenvalues);
      expect(Math.abs(leadingEigenvalue(a, size)! - wanted)).toBeLessThan(1e-7);
    }
  });

  it("is told as unknown where the leading eigenvalues are a complex pair", () => {
    expect(leadingEigenvalue(Float64Array.of(0, -1, 1, 0), 2)).toBeNull();
  });
});
