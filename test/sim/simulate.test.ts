import { describe, expect, it } from "vitest";
import type { Cloud } from "../../probes/cloud.ts";
import { energyOf } from "../../probes/products/energy.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { dot, equiangular, largestDifference, meanProduct, quadrature, record, start } from "./cases.ts";

describe("exact solutions", () => {
  it("at β = 0 an equiangular cloud has u = ((n−1)ρ+1)/(1−ρ) growing as e^{2t} (R §6)", async () => {
    for (const dynamics of ["sa", "usa"] as const) {
      const [n, rho0] = [5, -0.1];
      const times = [0, 0.3, 1, 2.5, 5];
      const { clouds } = await record({ dynamics, n, d: n, times, systems: [{ beta: 0, x0: equiangular(n, rho0) }] });
      const u0 = ((n - 1) * rho0 + 1) / (1 - rho0);
      times.forEach((t, i) => {
        const u = u0 * Math.exp(2 * t);
        // The default tolerance: 1e-9 a step.
        expect(Math.abs(meanProduct(clouds[0][i]) - (u - 1) / (u + n - 1))).toBeLessThan(1e-8);
      });
    }
  });

  it("an equiangular cloud stays so and takes the time t(ρ) of the quadrature (R §6)", async () => {
    const [n, beta, rho0] = [8, 3, 0.05];
    const rate = {
      sa: (s: number) => (Math.exp(beta * (1 - s)) + n - 1) / (2 * (1 - s) * ((n - 1) * s + 1)),
      usa: (s: number) => ((n / 2) * Math.exp(-beta * s)) / ((1 - s) * ((n - 1) * s + 1)),
    };
    for (const dynamics of ["sa", "usa"] as const) {
      const levels = [0.1, 0.5, 0.9, 0.999];
      const times = levels.map((rho) => quadrature(rate[dynamics], rho0, rho));
      const { clouds } = await record({ dynamics, n, d: n, times, systems: [{ beta, x0: equiangular(n, rho0) }] });
      levels.forEach((rho, i) => {
        const pairs = innerProducts(clouds[0][i], false);
        // Tolerance of the flow; the quadrature is exact to 1e-12.
        for (const pair of pairs) expect(Math.abs(pair - rho)).toBeLessThan(1e-8);
      });
    }
  });

  it("two tokens approach by φ̇ = −2 sin φ w/(1+w), w = e^{β(cos φ − 1)}: the lifetime of theory is met", async () => {
    const beta = 6;
    const [from, to] = [1.2, 0.01];
    const time = quadrature((p) => (Math.exp(beta * (1 - Math.cos(p))) + 1) / (2 * Math.sin(p)), to, from);
    const x0 = Float64Array.of(1, 0, Math.cos(from), Math.sin(from));
    const { clouds } = await record({ dynamics: "sa", n: 2, d: 2, times: [time], systems: [{ beta, x0 }] });
    const { x } = clouds[0][0];
    expect(Math.abs(Math.abs(Math.atan2(x[3], x[2]) - Math.atan2(x[1], x[0])) - to)).toBeLessThan(1e-8);
  });

  it("energy grows along SA and USA, at every saved time", async () => {
    for (const dynamics of ["sa", "usa"] as const) {
      const times = Array.from({ length: 40 }, (_, i) => (i / 40) * (dynamics === "usa" ? 0.5 : 8));
      const { clouds } = await record({ dynamics, n: 12, d: 5, times, systems: [{ beta: 4, x0: start(12, 5, 2) }] });
      const energies = clouds[0].map((cloud) => energyOf(innerProducts(cloud, false), 12, 4).logEnergy as number);
      for (let i = 1; i < energies.length; i++) expect(energies[i]).toBeGreaterThan(energies[i - 1]);
    }
  });
});

describe("saving", () => {
  const base = { dynamics: "sa", n: 7, d: 3, systems: [{ beta: 5, x0: start(7, 3, 6) }] } as const;

  it("gives between steps what a run that ends there gives", async () => {
    const times = Array.from({ length: 60 }, (_, i) => i / 7);
    const dense = await record({ ...base, times });
    for (const index of [1, 13, 37, 59]) {
      const { clouds } = await record({ ...base, times: [times[index]] });
      // The interpolant's local error is of the order of the step's.
      expect(largestDifference(clouds[0][0].x, dense.clouds[0][index].x)).toBeLessThan(1e-8);
    }
  });

  it("adds no step: it only interpolates", async () => {
    const few = await simulate({ ...base, times: [8] });
    const many = await simulate({ ...base, times: Array.from({ length: 801 }, (_, i) => i / 100) });
    expect(many[0]).toEqual({ ...few[0], saved: 801 });
  });

  it("gives the start itself at time 0 and repeated times twice", async () => {
    const { clouds } = await record({ ...base, times: [0, 0, 1, 1] });
    expect(largestDifference(clouds[0][0].x, base.systems[0].x0)).toBeLessThan(1e-15);
    expect(clouds[0][3].x).toEqual(clouds[0][2].x);
  });

  it("keeps every token on the sphere at every time", async () => {
    const { clouds } = await record({ ...base, times: [0.1, 3.3, 17, 400] });
    for (const { x } of clouds[0]) {
      // Two roundings after each renormalization.
      for (let i = 0; i < 7; i++) expect(Math.abs(dot(x, i, x, i, 3) - 1)).toBeLessThan(1e-15 * 4);
    }
  });

  it("stops a system when the observer returns false, and only that one", async () => {
    const saved = [0, 0];
    const results = await simulate(
      { ...base, systems: [base.systems[0], { beta: 1, x0: start(7, 3, 8) }], times: [0, 1, 2, 3, 4] },
      {
        save: (system, index) => {
          saved[system]++;
          return !(system === 0 && index === 2);
        },
      },
    );
    expect(saved).toEqual([3, 5]);
    expect(results.map((r) => r.outcome)).toEqual(["stopped by condition", "reached the end"]);
    expect(results[0].time).toBeGreaterThanOrEqual(2);
  });

  it("shows every step, in as many parts as asked, to an observer that follows the motion", async () => {
    for (const method of ["tsit5", "dop853"] as const) {
      const seen: { t: number; x: Float64Array }[] = [];
      const step = (_system: number, t: number, { x }: Cloud) => {
        seen.push({ t, x: Float64Array.from(x) });
        return undefined;
      };
      const [result] = await simulate({ ...base, times: [6], method }, { step, substeps: 3 });
      expect(seen).toHaveLength(3 * result.steps);
      expect(seen.every(({ t }, i) => i === 0 || t > seen[i - 1].t)).toBe(true);
      expect(seen.at(-1)?.t).toBeCloseTo(6, 12);
      const some = [1, 10, 20].map((i) => seen[i]);
      const { clouds } = await record({ ...base, times: some.map(({ t }) => t), method });
      // The same steps and the same interpolant, up to rounding of the times.
      some.forEach(({ x }, i) => {
        expect(largestDifference(clouds[0][i].x, x)).toBeLessThan(1e-8);
      });
    }
  });

  it("asks how often each step is to be shown by how far its tokens move", async () => {
    const seen: Float64Array[] = [];
    const asked: number[] = [];
    const step = (_system: number, _t: number, { x }: Cloud) => {
      seen.push(Float64Array.from(x));
      return undefined;
    };
    const substeps = (moved: number) => {
      asked.push(moved);
      return asked.length % 2 === 0 ? 4 : 1;
    };
    const [result] = await simulate({ ...base, times: [6] }, { step, substeps });
    expect(asked).toHaveLength(result.steps);
    expect(seen).toHaveLength(asked.reduce((sum, _, i) => sum + (i % 2 === 0 ? 1 : 4), 0));
    // Steps 2 and 1 + 2 end at the looks 5 and 1: what was said of step 2 lies between them, but for making rows unit.
    const n = base.n;
    const between = Math.sqrt(seen[4].reduce((sum, value, m) => sum + (value - seen[0][m]) ** 2, 0) / n);
    expect(asked[1]).toBeCloseTo(between, 6);
  });

  it("stops a system whose follower returns false", async () => {
    const [result] = await simulate({ ...base, times: [6] }, { step: (_s, t) => t < 1 });
    expect(result.outcome).toBe("stopped by condition");
    expect(result.time).toBeGreaterThanOrEqual(1);
    expect(result.time).toBeLessThan(3);
  });

  it("tells progress from 0 to 1 without going back, also when systems stop early", async () => {
    const seen: number[] = [];
    await simulate({ ...base, times: [0, 1, 2, 3, 4] }, { save: (_s, i) => i < 2, progress: (f) => void seen.push(f) });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });

  it("follows fixed steps as published code takes them: Euler with renormalization after each", async () => {
    const { clouds, results } = await record({ ...base, times: [0.1, 0.5], method: "euler", step: 0.1 });
    let x: Float64Array = Float64Array.from(base.systems[0].x0);
    for (let s = 0; s < 5; s++) x = eulerByHand(x, 7, 3, 5, 0.1);
    expect(largestDifference(clouds[0][1].x, x)).toBeLessThan(1e-14);
    expect(results[0]).toMatchObject({ steps: 5, evaluations: 5, rejected: 0 });
  });
});

function eulerByHand(x: Float64Array, n: number, d: number, beta: number, h: number): Float64Array {
  const y = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const weights = Array.from({ length: n }, (_, j) => Math.exp(beta * dot(x, i, x, j, d)));
    const total = weights.reduce((a, b) => a + b);
    const mean = Array.from({ length: d }, (_, k) =>
      weights.reduce((sum, w, j) => sum + (w / total) * x[j * d + k], 0),
    );
    const radial = mean.reduce((sum, m, k) => sum + m * x[i * d + k], 0);
    const moved = mean.map((m, k) => x[i * d + k] + h * (m - radial * x[i * d + k]));
    moved.forEach((m, k) => {
      y[i * d + k] = m / Math.hypot(...moved);
    });
  }
  return y;
}

describe("batches", () => {
  it("give each system what it gets alone, whatever the engine and the company", async () => {
    const [n, d] = [10, 4];
    const times = [0, 0.4, 1.7, 6];
    const systems = [0, 0.5, 2, 4.5, 9, 30].map((beta, i) => ({ beta, x0: start(n, d, i) }));
    for (const engine of ["ts", "ort"] as const) {
      const together = await record({ dynamics: "sa", n, d, times, systems, engine });
      for (const [i, system] of systems.entries()) {
        const alone = await record({ dynamics: "sa", n, d, times, systems: [system], engine });
        expect(alone.results[0]).toEqual(together.results[i]);
        for (const [t] of times.entries()) {
          expect(largestDifference(alone.clouds[0][t].x, together.clouds[i][t].x)).toBeLessThan(1e-9);
        }
      }
    }
  });

  it("serve more systems than fit side by side", async () => {
    const [n, d] = [300, 2];
    const systems = Array.from({ length: 7 }, (_, i) => ({ beta: i, x0: start(n, d, i) }));
    const { results, clouds } = await record({
      dynamics: "sa",
      n,
      d,
      times: [0, 0.5],
      systems,
      rtol: 1e-4,
      atol: 1e-4,
    });
    expect(results.map((r) => r.outcome)).toEqual(systems.map(() => "reached the end"));
    const last = await record({
      dynamics: "sa",
      n,
      d,
      times: [0, 0.5],
      systems: systems.slice(6),
      rtol: 1e-4,
      atol: 1e-4,
    });
    expect(largestDifference(last.clouds[0][1].x, clouds[6][1].x)).toBeLessThan(1e-9);
  });

  it("change nothing of their input", async () => {
    const x0 = start(4, 9, 1).map((v) => 3 * v);
    const before = x0.slice();
    await simulate({ dynamics: "sa", n: 4, d: 9, times: [1], systems: [{ beta: 1, x0 }] });
    expect(x0).toEqual(before);
  });
});
