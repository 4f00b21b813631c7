import { describe, expect, it } from "vitest";
import { DYNAMICS } from "../../sim/dynamics/registry.ts";
import { chooseEngine, fastestEngine } from "../../sim/engines/choose-engine.ts";
import type { Engine } from "../../sim/engines/engine.ts";
import { graphBuilder } from "../../sim/engines/graph-builder.ts";
import { harmonicEngine, kernelHarmonics } from "../../sim/engines/harmonic-engine.ts";
import { onnxEngine } from "../../sim/engines/onnx-engine.ts";
import { typescriptEngine } from "../../sim/engines/typescript-engine.ts";
import { randomSource } from "../../sim/random.ts";
import { simulate } from "../../sim/simulate.ts";
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
  it("takes plain TypeScript for a few tokens and ONNX Runtime from there on", () => {
    const { sa } = DYNAMICS;
    expect(fastestEngine({ dynamics: sa, n: 5, d: 2 }, 1)).toBe("ts");
    expect(fastestEngine({ dynamics: sa, n: 8, d: 4 }, 1)).toBe("ts");
    expect(fastestEngine({ dynamics: sa, n: 64, d: 64 }, 1)).toBe("ort");
    expect(fastestEngine({ dynamics: sa, n: 8, d: 4 }, 64)).toBe("ort");
  });

  it("takes harmonics for many tokens on the circle, where the dynamics has them", () => {
    expect(fastestEngine({ dynamics: DYNAMICS.usa, n: 1000, d: 2 }, 1)).toBe("harmonic");
    expect(fastestEngine({ dynamics: DYNAMICS.sa_causal, n: 1000, d: 2 }, 1)).toBe("ort");
  });

  it("can be overridden", async () => {
    for (const name of ["ts", "ort"] as const) {
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

  it("take a number of harmonics that grows as √β", () => {
    const counts = [9, 900].map((beta) => kernelHarmonics(beta).length);
    expect(counts[0]).toBeLessThan(45);
    expect(counts[1] / counts[0]).toBeLessThan(10);
  });

  it("are refused elsewhere, in one line", () => {
    expect(() => harmonicEngine(task)).toThrow("engine harmonic: sa with d = 3.");
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
    expect(new Set(names).size).toBe(4);
    expect(builder.nodes).toHaveLength(2);
    expect(builder.initializers.map(({ data }) => data)).toEqual([[1], [2]]);
  });
});
