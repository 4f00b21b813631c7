import { describe, expect, it } from "vitest";
import { graphBuilder } from "../../models/onnx/graph-builder.ts";
import { randomSource } from "../../models/random.ts";
import { DYNAMICS, type DynamicsName } from "../../sim/dynamics/dynamics-table.ts";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import { chooseEngine, fastestEngine } from "../../sim/engines/choose-engine.ts";
import type { Engine } from "../../sim/engines/contract/engine.ts";
import { circleSums, circleTable, kernelHarmonics } from "../../sim/engines/harmonic/circle-harmonics.ts";
import { circleSumsInSimd } from "../../sim/engines/harmonic/circle-simd.ts";
import { harmonicEngine } from "../../sim/engines/harmonic/harmonic-engine.ts";
import { sphereSums } from "../../sim/engines/harmonic/sphere-harmonics.ts";
import { sphereKernel, spherePlan } from "../../sim/engines/harmonic/sphere-plan.ts";
import { sphereSumsInSimd } from "../../sim/engines/harmonic/sphere-simd.ts";
import { onnxEngine } from "../../sim/engines/onnx/onnx-engine.ts";
import { typescriptEngine } from "../../sim/engines/typescript-engine.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { largestDifference, randomParams, start } from "./cases.ts";

const task = { dynamics: DYNAMICS.sa, params: {}, n: 6, d: 3 };

/** An engine that counts what is asked of it. */
function counting(inner: Engine): { engine: Engine; asked: { systems: number; calls: number; releases: number } } {
  const asked = { systems: 0, calls: 0, releases: 0 };
  const velocity: Engine["velocity"] = (x, beta, logScale, batch, out) => {
    asked.calls++;
    asked.systems += batch;
    return inner.velocity(x, beta, logScale, batch, out);
  };
  const release = async () => {
    asked.releases++;
  };
  return { engine: { name: "ts", velocity, release }, asked };
}

describe("the choice of an engine", () => {
  it("takes plain TypeScript for a few tokens, else two numbers at a time, and matrix products for wide ones", () => {
    const { sa } = DYNAMICS;
    expect(fastestEngine({ dynamics: sa, n: 5, d: 2 }, 1)).toBe("ts");
    expect(fastestEngine({ dynamics: sa, n: 8, d: 4 }, 1)).toBe("ts");
    expect(fastestEngine({ dynamics: sa, n: 8, d: 4 }, 64)).toBe("simd");
    expect(fastestEngine({ dynamics: sa, n: 32, d: 32 }, 1)).toBe("simd");
    expect(fastestEngine({ dynamics: sa, n: 256, d: 128 }, 1)).toBe("ort");
  });

  it("takes ONNX Runtime from some tokens on where weights are not symmetric", () => {
    const { sa_causal } = DYNAMICS;
    expect(fastestEngine({ dynamics: sa_causal, n: 8, d: 4 }, 1)).toBe("ts");
    expect(fastestEngine({ dynamics: sa_causal, n: 64, d: 64 }, 1)).toBe("ort");
    expect(fastestEngine({ dynamics: sa_causal, n: 8, d: 4 }, 64)).toBe("ort");
  });

  it("takes harmonics for many tokens on the circle, where the dynamics has them", () => {
    expect(fastestEngine({ dynamics: DYNAMICS.usa, n: 1000, d: 2 }, 1)).toBe("harmonic");
    expect(fastestEngine({ dynamics: DYNAMICS.sa_causal, n: 1000, d: 2 }, 1)).toBe("ort");
  });

  it("can be overridden", async () => {
    for (const name of ["ts", "ort", "simd"] as const) {
      const engine = await chooseEngine(name, task, 1, 1);
      expect(engine.name).toBe(name);
      await engine.release();
    }
  });

  it("lets a caller keep one engine through many runs, and never releases it", async () => {
    const { engine, asked } = counting(typescriptEngine(task));
    const systems = [{ beta: 1, x0: start(6, 3, 1) }];
    for (let run = 0; run < 2; run++) await simulate({ dynamics: "sa", n: 6, d: 3, times: [1], systems, engine });
    expect(asked.calls).toBeGreaterThan(10);
    expect(asked.releases).toBe(0);
  });

  it("is asked for as many velocities as the results count", async () => {
    const { engine, asked } = counting(typescriptEngine(task));
    const systems = [1, 5, 20].map((beta, i) => ({ beta, x0: start(6, 3, i) }));
    for (const method of ["tsit5", "dop853"] as const) {
      asked.systems = 0;
      const results = await simulate({ dynamics: "sa", n: 6, d: 3, times: [0, 0.3, 4], systems, engine, method });
      expect(results.reduce((sum, result) => sum + result.evaluations, 0)).toBe(asked.systems);
    }
  });

  it("does not change results beyond the engines' own difference", async () => {
    const clouds: Record<string, Float64Array> = {};
    for (const engine of ["ts", "ort"] as const) {
      await simulate(
        { dynamics: "usa", n: 6, d: 3, times: [0.5], systems: [{ beta: 3, x0: start(6, 3, 1) }], engine },
        {
          save: (_s, _i, _t, { x }) => {
            clouds[engine] = Float64Array.from(x);
          },
        },
      );
    }
    // Velocities agree to 1e-15; the same steps follow unless an error lies on the edge of its tolerance.
    expect(largestDifference(clouds.ts, clouds.ort)).toBeLessThan(1e-10);
  });
});

describe("the ONNX Runtime engine", () => {
  it("leaves what lies behind the batch in its output alone", async () => {
    const engine = await onnxEngine(task, 1);
    const out = new Float64Array(3 * 18).fill(7);
    const x = Float64Array.of(...start(6, 3, 1), ...start(6, 3, 2), ...start(6, 3, 3));
    await engine.velocity(x, Float64Array.of(1, 2, 3), new Float64Array(3), 2, out);
    await engine.release();
    expect(out.subarray(36).every((v) => v === 7)).toBe(true);
    expect(out.subarray(0, 36).some((v) => v === 7)).toBe(false);
  });
});

describe("the ONNX Runtime engine on large clouds", () => {
  it("gives the velocities of the reference, in one block or several, and for every system of a batch", async () => {
    const systems = 2;
    const onSphere = ["sa", "usa", "sa_weighted", "usa_weighted", "mean_shift_blurring", "usa_repulsive"] as const;
    // Off the sphere a field keeps its part along the token.
    for (const name of [...onSphere, "sa_preln", "usa_preln"] as const) {
      const dynamics = DYNAMICS[name];
      for (const [n, d] of [
        [192, 3],
        [701, 2],
      ]) {
        const params = randomParams(name, n, d, randomSource(2));
        const all = { dynamics, params, n, d };
        const x = Float64Array.of(...start(n, d, 1), ...start(n, d, 2));
        const beta = Float64Array.of(0, 4);
        const logScale = beta.map((b) => dynamics.logScale(b, params));
        const [a, b] = [new Float64Array(x.length), new Float64Array(x.length)];
        const engine = await onnxEngine(all, 2);
        await engine.velocity(x, beta, logScale, systems, a);
        await engine.release();
        typescriptEngine(all).velocity(x, beta, logScale, systems, b);
        // Sums of some hundred weights in another order.
        expect([name, n, largestDifference(a, b) < 1e-13]).toEqual([name, n, true]);
      }
    }
  });

  it("splits a batch that is larger than its runs", async () => {
    const [n, d, batch] = [100, 2, 30];
    const all = { dynamics: DYNAMICS.sa_causal, params: {}, n, d };
    const x = Float64Array.from(Array.from({ length: batch }, (_, s) => [...start(n, d, s)]).flat());
    const arguments_ = [x, new Float64Array(batch).fill(3), new Float64Array(batch), batch] as const;
    const [a, b] = [new Float64Array(x.length), new Float64Array(x.length)];
    const engine = await onnxEngine(all, 1);
    await engine.velocity(...arguments_, a);
    await engine.release();
    typescriptEngine(all).velocity(...arguments_, b);
    expect(largestDifference(a, b)).toBeLessThan(1e-13);
  });
});

describe("harmonics on the circle", () => {
  it("give the velocities of the pair sums, for every dynamics that has them and any β", () => {
    for (const name of ["sa", "usa", "sa_weighted", "usa_weighted"] as const) {
      const dynamics = DYNAMICS[name];
      for (const beta of [0, 1e-8, 0.4, 9, 80, 1000]) {
        const n = 40;
        const all = { dynamics, params: randomParams(name, n, 2, randomSource(2)), n, d: 2 };
        const arguments_ = [
          start(n, 2, 7),
          Float64Array.of(beta),
          Float64Array.of(dynamics.logScale(beta, {})),
          1,
        ] as const;
        const [a, b] = [new Float64Array(2 * n), new Float64Array(2 * n)];
        harmonicEngine(all).velocity(...arguments_, a);
        typescriptEngine(all).velocity(...arguments_, b);
        // The engines' promise; rounding of sums of up to 300 harmonics.
        expect([name, beta, largestDifference(a, b) < 1e-10]).toEqual([name, beta, true]);
      }
    }
  });

  it("are the same by WebAssembly as by plain TypeScript, for any number of tokens and any masses", () => {
    for (const n of [1, 2, 3, 4, 5, 8, 30]) {
      for (const beta of [0, 0.3, 7, 120]) {
        const table = circleTable(kernelHarmonics(beta), beta);
        const random = randomSource(n);
        const masses = Float64Array.from({ length: n }, () => random());
        const [x, a, b] = [start(n, 2, n), new Float64Array(2 * n), new Float64Array(2 * n)];
        circleSums(table)(x, masses, a);
        const simd = circleSumsInSimd(table, n);
        // Twice: nothing of the first call may be left.
        simd(start(n, 2, n + 1), masses, b);
        simd(x, masses, b);
        // The same products of order n, added in another order.
        expect(largestDifference(a, b)).toBeLessThan(1e-14 * n);
      }
    }
  });

  it("take a number of harmonics that grows as √β", () => {
    const counts = [9, 900].map((beta) => kernelHarmonics(beta).length);
    expect(counts[0]).toBeLessThan(45);
    expect(counts[1] / counts[0]).toBeLessThan(10);
  });

  it("are refused elsewhere, in one line", () => {
    expect(() => harmonicEngine({ ...task, d: 4 })).toThrow("engine harmonic: sa with d = 4.");
    expect(() => harmonicEngine({ ...task, dynamics: DYNAMICS.sa_causal })).toThrow("engine harmonic: sa_causal with");
  });
});

describe("harmonics on the sphere", () => {
  /** Largest difference to the sum over pairs, in largest speeds. */
  function error(name: DynamicsName, x: Float64Array, beta: number, params: DynamicsParams = {}): number {
    const dynamics = DYNAMICS[name];
    const n = x.length / 3;
    const task = { dynamics, params, n, d: 3 };
    const given = [x, Float64Array.of(beta), Float64Array.of(dynamics.logScale(beta, {})), 1] as const;
    const [a, b] = [new Float64Array(3 * n), new Float64Array(3 * n)];
    harmonicEngine(task).velocity(...given, a);
    typescriptEngine(task).velocity(...given, b);
    return largestDifference(a, b) / b.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  }

  it("give the velocities of the pair sums, for every dynamics that has them and any β", () => {
    for (const name of ["sa", "usa", "sa_weighted", "usa_weighted", "sa_repulsive", "mean_shift_blurring"] as const) {
      for (const beta of [1e-8, 0.4, 3, 9, 80, 1000]) {
        const random = randomSource(2);
        const x = start(41, 3, 7);
        // The promise is 1e-10 of the largest speed.
        expect([name, beta, error(name, x, beta, randomParams(name, 41, 3, random)) < 1e-10]).toEqual([
          name,
          beta,
          true,
        ]);
      }
    }
    expect(error("sa", start(41, 3, 7), 0)).toBeLessThan(1e-10);
  });

  it("are the same by WebAssembly as by plain TypeScript, for any number of tokens and any masses", () => {
    for (const n of [1, 2, 3, 4, 5, 8, 30]) {
      for (const beta of [0.3, 7, 120]) {
        const plan = spherePlan(beta, 1e-12);
        const random = randomSource(n);
        const masses = Float64Array.from({ length: n }, () => random());
        const [x, a, b] = [start(n, 3, n), new Float64Array(4 * n), new Float64Array(4 * n)];
        sphereSums(plan)(x, masses, a);
        const simd = sphereSumsInSimd(plan, n);
        // Twice: nothing of the first call may be left.
        simd(start(n, 3, n + 1), masses, b);
        simd(x, masses, b);
        // The same products, added in another order; values are of order n, slopes of order nβ.
        expect(largestDifference(a, b)).toBeLessThan(1e-14 * n * Math.max(1, beta));
      }
    }
  });

  it("have no trouble at the poles, next to them, or where rows are not unit", () => {
    const rows = [0, 0, 1, 0, 0, -1, 1e-9, 0, 1, 0, -1e-160, -1, 1e-4, 1e-5, -1, 1, 0, 0, 0, 7, 0, 2, 3, 4];
    for (const beta of [0.5, 20, 300, 1e4]) expect(error("sa", Float64Array.from(rows), beta)).toBeLessThan(1e-10);
  });

  it("are right for a lone token far from a crowd, which feels itself alone", () => {
    const crowd = start(2000, 3, 3).map((v, e) => (e % 3 === 2 ? Math.abs(v) + 4 : v / 2));
    crowd.set([0.3, 0.1, -1], 300);
    for (const beta of [2, 12]) {
      const x = Float64Array.from(crowd);
      const given = [x, Float64Array.of(beta), Float64Array.of(0), 1] as const;
      const out = [harmonicEngine, typescriptEngine].map((make) => {
        const v = new Float64Array(x.length);
        make({ dynamics: DYNAMICS.sa, params: {}, n: 2000, d: 3 }).velocity(...given, v);
        return v;
      });
      expect(largestDifference(out[0].subarray(300, 303), out[1].subarray(300, 303))).toBeLessThan(1e-10);
    }
  });

  it("would be wrong without their last degrees", () => {
    const full = sphereKernel(9, 1e-12);
    const short = spherePlan(9, 1e-3);
    expect(short.degree).toBeLessThan(full.length - 8);
  });

  it("take kernel weights that sum to the kernel at 0 and at π, without overflow", () => {
    for (const beta of [0.01, 1, 30, 2000]) {
      const weights = sphereKernel(beta, 1e-17);
      const sum = (sign: number) => weights.reduceRight((total, w, l) => total + w * sign ** l, 0);
      expect(Math.abs(sum(1) - 1)).toBeLessThan(1e-13);
      expect(Math.abs(sum(-1) - Math.exp(-2 * beta))).toBeLessThan(1e-13);
    }
  });

  it("go to a degree that grows as √β", () => {
    const degree = (beta: number) => spherePlan(beta, 1e-12).degree;
    for (const beta of [30, 100, 1000]) {
      // √(2β ln 1/ε) = 7.4 √β at ε = 1e-12.
      expect(degree(beta) / Math.sqrt(2 * beta * Math.log(1e12))).toBeGreaterThan(0.8);
      expect(degree(beta) / Math.sqrt(2 * beta * Math.log(1e12))).toBeLessThan(1.25);
    }
  });

  it("are chosen where they are fewer than the tokens", () => {
    const { sa } = DYNAMICS;
    expect(fastestEngine({ dynamics: sa, n: 4096, d: 3, beta: 4 }, 1)).toBe("harmonic");
    expect(fastestEngine({ dynamics: sa, n: 128, d: 3, beta: 30 }, 1)).not.toBe("harmonic");
    expect(fastestEngine({ dynamics: sa, n: 4096, d: 3 }, 1)).not.toBe("harmonic");
    expect(fastestEngine({ dynamics: sa, n: 4096, d: 3, beta: 1e300 }, 1)).not.toBe("harmonic");
    expect(fastestEngine({ dynamics: DYNAMICS.sa_preln, n: 4096, d: 3, beta: 4 }, 1)).not.toBe("harmonic");
  });

  it("carry a simulation to the same end as the pair sums", async () => {
    const ends: Record<string, Float64Array> = {};
    for (const engine of ["harmonic", "ort", "auto"] as const) {
      const systems = [{ beta: 0.5, x0: start(300, 3, 1) }];
      const save = (_s: number, _i: number, _t: number, { x }: { readonly x: ArrayLike<number> }) => {
        ends[engine] = Float64Array.from(x);
      };
      await simulate({ dynamics: "sa", n: 300, d: 3, times: [1], systems, engine }, { save });
    }
    expect(largestDifference(ends.harmonic, ends.ort)).toBeLessThan(1e-9);
    expect(ends.auto).toEqual(ends.harmonic);
  });
});

describe("the graph builder", () => {
  it("names every node's output and every constant differently", () => {
    const builder = graphBuilder();
    const names = [
      builder.op("Add", ["a", "b"]),
      builder.op("Add", ["a", "b"]),
      builder.constant("float64", [1], [1]),
      builder.constant("float64", [1], [2]),
    ];
    const { nodes, initializers } = builder.finish();
    expect(new Set(names).size).toBe(4);
    expect(nodes).toHaveLength(2);
    expect(initializers).toMatchObject([{ data: [1] }, { data: [2] }]);
  });

  it("keeps a constant once, and apart from one of another shape, type or sign of zero", () => {
    const builder = graphBuilder();
    const one = builder.real([2], [1, 0]);
    expect(builder.real([2], [1, 0])).toBe(one);
    builder.real([1, 2], [1, 0]);
    builder.constant("float32", [2], [1, 0]);
    builder.real([2], [1, -0]);
    expect(builder.finish().initializers).toHaveLength(4);
  });
});
