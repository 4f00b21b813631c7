import { describe, expect, it } from "vitest";
import type { Cloud } from "../../probes/cloud.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { largestDifference, meanProduct, record, start } from "./cases.ts";

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
    expect(result.message).toMatch(/raise `maxSteps`, or/);
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
