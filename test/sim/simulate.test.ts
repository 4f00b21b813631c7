import { describe, expect, it } from "vitest";
import type { Cloud } from "../../probes/cloud.ts";
import { energyOf } from "../../probes/energy.ts";
import { innerProducts } from "../../probes/inner-products.ts";
import { type SimulateOptions, type SystemResult, simulate } from "../../sim/simulate.ts";
import { dot, equiangular, largestDifference, quadrature, start } from "./cases.ts";

/** Runs and keeps every saved cloud by system. */
async function record(options: SimulateOptions): Promise<{ results: SystemResult[]; clouds: Cloud[][] }> {
  const clouds: Cloud[][] = options.systems.map(() => []);
  const save = (system: number, index: number, _t: number, { n, d, x }: Cloud) => {
    clouds[system][index] = { n, d, x: x.slice() };
  };
  return { results: await simulate(options, { save }), clouds };
}

const meanProduct = (cloud: Cloud): number => {
  const pairs = innerProducts(cloud, false);
  return pairs.reduce((sum, p) => sum + p, 0) / pairs.length;
};

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
      // Two roundings after each renormalisation.
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

  it("tells progress from 0 to 1 without going back, also when systems stop early", async () => {
    const seen: number[] = [];
    await simulate({ ...base, times: [0, 1, 2, 3, 4] }, { save: (_s, i) => i < 2, progress: (f) => void seen.push(f) });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });

  it("follows fixed steps as published code takes them: Euler with renormalisation after each", async () => {
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

describe("hard cases are outcomes, never NaN", () => {
  const finite = (clouds: readonly Cloud[]) => clouds.every(({ x }) => x.every(Number.isFinite));

  it("SA at β = 1000", async () => {
    const { results, clouds } = await record({
      dynamics: "sa",
      n: 16,
      d: 3,
      times: [0, 1, 100, 1e6],
      systems: [{ beta: 1000, x0: start(16, 3, 1) }],
    });
    expect(results[0].outcome).toBe("reached the end");
    expect(finite(clouds[0])).toBe(true);
  });

  it("USA at β = 50 on its own time scale, where rates are e^50", async () => {
    for (const engine of ["ts", "ort"] as const) {
      const { results, clouds } = await record({
        dynamics: "usa",
        n: 16,
        d: 3,
        times: [0, 1e-21, 1e-20],
        systems: [{ beta: 50, x0: start(16, 3, 1) }],
        engine,
      });
      expect(results[0].outcome).toBe("reached the end");
      expect(finite(clouds[0])).toBe(true);
      expect(largestDifference(clouds[0][2].x, clouds[0][0].x)).toBeGreaterThan(0.001);
    }
  });

  it("USA at a β whose e^β overflows", async () => {
    const x0 = Float64Array.of(1, 0, Math.cos(0.01), Math.sin(0.01));
    const { results, clouds } = await record({
      dynamics: "usa",
      n: 2,
      d: 2,
      times: [0, 1e-300, 1],
      systems: [{ beta: 800, x0 }],
    });
    expect(results[0]).toMatchObject({ outcome: "reached the end", saved: 3 });
    expect(finite(clouds[0])).toBe(true);
    expect(meanProduct(clouds[0][2])).toBeCloseTo(1, 12);
  });

  it("USA at a time that its rates make longer than float64 can count", async () => {
    const x0 = Float64Array.of(1, 0, 0, 1, -1, 0.1);
    const { results, clouds } = await record({
      dynamics: "usa",
      n: 3,
      d: 2,
      times: [0, 1],
      systems: [{ beta: 5000, x0 }],
    });
    expect(results[0]).toMatchObject({ outcome: "time overflow", saved: 1 });
    expect(Number.isFinite(results[0].time)).toBe(true);
    expect(finite(clouds[0])).toBe(true);
  });

  it("a run that needs more steps than allowed says so and how far it came", async () => {
    const [result] = await simulate({
      dynamics: "sa",
      n: 6,
      d: 3,
      times: [50],
      systems: [{ beta: 2, x0: start(6, 3, 1) }],
      maxSteps: 10,
    });
    expect(result).toMatchObject({ outcome: "step limit", saved: 0 });
    expect(result.steps + result.rejected).toBe(10);
    expect(result.time).toBeGreaterThan(0);
    expect(result.message).toMatch(/raise maxSteps/);
  });

  it("a cloud that has become a point rests, and all later times are saved", async () => {
    const { results, clouds } = await record({
      dynamics: "sa",
      n: 6,
      d: 3,
      times: [50, 1e12],
      systems: [{ beta: 2, x0: start(6, 3, 1) }],
    });
    expect(results[0]).toMatchObject({ outcome: "reached the end", time: 1e12, saved: 2 });
    expect(results[0].restTime).toBeLessThan(60);
    expect(meanProduct(clouds[0][1])).toBeCloseTo(1, 14);
  });

  it("one token, one dimension, coinciding and opposite tokens stay where they are", async () => {
    for (const [n, d, x] of [
      [1, 3, [0, 0, 1]],
      [3, 1, [1, -1, 1]],
      [2, 2, [1, 0, 1, 0]],
      [2, 2, [1, 0, -1, 0]],
    ] as const) {
      const { results, clouds } = await record({
        dynamics: "sa",
        n,
        d,
        times: [0, 3],
        systems: [{ beta: 2, x0: Float64Array.from(x) }],
        lift: true,
      });
      expect(results[0].outcome).toBe("reached the end");
      expect(largestDifference(clouds[0][1].x, x)).toBeLessThan(1e-15);
    }
  });

  it("an abort ends the run", async () => {
    const abort = new AbortController();
    const running = simulate(
      {
        dynamics: "sa",
        n: 6,
        d: 3,
        times: [0, 1, 2],
        systems: [{ beta: 2, x0: start(6, 3, 1) }],
        signal: abort.signal,
      },
      { save: () => abort.abort() },
    );
    await expect(running).rejects.toThrow(/abort/i);
  });
});

describe("bad input is one line", () => {
  const good: SimulateOptions = {
    dynamics: "sa",
    n: 2,
    d: 2,
    times: [1],
    systems: [{ beta: 1, x0: Float64Array.of(1, 0, 0, 1) }],
  };
  const withBeta = (beta: number) => ({ systems: [{ ...good.systems[0], beta }] });
  const withCloud = (...x: number[]) => ({ systems: [{ beta: 1, x0: Float64Array.from(x) }], lift: true });

  const cases: [Partial<Record<keyof SimulateOptions, unknown>>, "usage" | "input", string][] = [
    [withBeta(Number.NaN), "usage", "beta: NaN. use a finite number, 0 or above"],
    [withBeta(Number.POSITIVE_INFINITY), "usage", "beta: Infinity."],
    [withBeta(-1), "usage", "beta: -1."],
    [{ n: 0 }, "usage", "n: 0."],
    [{ d: 1.5 }, "usage", "d: 1.5."],
    [{ times: [] }, "usage", "times: none."],
    [{ times: [1, 0.5] }, "usage", "times: 0.5 after 1. sort them"],
    [{ times: [-1] }, "usage", "times: -1."],
    [{ times: [Number.NaN] }, "usage", "times: NaN."],
    [{ times: [Number.POSITIVE_INFINITY] }, "usage", "times: Infinity."],
    [{ systems: [] }, "usage", "systems: none."],
    [{ dynamics: "sda" }, "usage", "dynamics: sda. use sa, "],
    [{ method: "rk45" }, "usage", "method: rk45."],
    [{ method: "euler" }, "usage", "step: missing. euler needs one"],
    [{ step: 0 }, "usage", "step: 0."],
    [{ rtol: -1 }, "usage", "rtol: -1."],
    [{ maxSteps: 0 }, "usage", "maxSteps: 0."],
    [withCloud(1, 0), "input", "system 0: 2 numbers. give n × d = 2 × 2 = 4"],
    [withCloud(1, 0, 0, 0), "input", "system 0, token 1: zero vector."],
    [withCloud(1, 0, Number.NaN, 0), "input", "system 0, token 1: NaN."],
    [{ params: { alpha: 1 } }, "usage", "params: alpha. sa reads none"],
    [{ dynamics: "sa_ngpt" }, "usage", "params: alpha missing."],
    [{ dynamics: "sa_ngpt", params: { alpha: -1 } }, "input", "alpha: -1."],
    [{ dynamics: "sa_weighted", params: { weights: [1] } }, "input", "weights: 1 numbers. give n = 2"],
    [{ dynamics: "sa_weighted", params: { weights: [1, 0] } }, "input", "weights: 0. use positive numbers"],
    [{ dynamics: "sa_qkv", params: { Q: [[1]], K: [[1]], V: [[1]] } }, "input", "Q: 1 rows of 1. give 2 × 2"],
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
