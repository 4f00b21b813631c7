import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { pairStatistics } from "../../sim/clouds/pair-statistics.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { localHelper } from "../../sim/sweep/local-helper.ts";
import { type SweepOptions, type SweepRow, sweep, sweepPrecision } from "../../sim/sweep/sweep.ts";
import type { StartHelper } from "../../sim/sweep/sweep-task.ts";
import { equiangular, largestDifference, randomParams, record, start } from "./cases.ts";

const usual: SweepOptions = {
  dynamics: "sa",
  n: 8,
  d: 3,
  betas: [0.5, 2, 5],
  times: [0, 1, 3, 8],
  seeds: 12,
  firstSeed: 40,
};

describe("pair statistics", () => {
  it("are those of all pairs, also where a shorter way is taken", () => {
    const measure = pairStatistics(6, 3, 0.999);
    for (const spread of [1, 0.1, 0.03, 0.01, 0]) {
      const noise = start(6, 3, 1);
      const x = Float64Array.from(noise, (v, e) => (e % 3 === 0 ? 1 : 0) * (1 - spread) + spread * v);
      for (let i = 0; i < 6; i++) {
        const length = Math.hypot(...x.subarray(3 * i, 3 * i + 3));
        for (let k = 0; k < 3; k++) x[3 * i + k] /= length;
      }
      const products = innerProducts({ n: 6, d: 3, x }, false);
      const { probability, meanCosine } = measure(x);
      expect(probability).toBe(products.filter((p) => p >= 0.999).length / products.length);
      // Two sums of fifteen products of order 1.
      expect(meanCosine).toBeCloseTo(products.reduce((a, b) => a + b) / products.length, 13);
    }
  });

  it("count a pair that is exactly at the threshold", () => {
    expect(pairStatistics(2, 2, 0.5)(Float64Array.of(1, 0, 0.5, Math.sqrt(0.75))).probability).toBe(1);
    expect(pairStatistics(4, 4, 0.25 + 1e-9)(equiangular(4, 0.25)).probability).toBe(0);
  });
});

describe("a sweep", () => {
  it("has the averages over starts of single runs from the same seeds", async () => {
    const rows = await sweep({ ...usual, rtol: 1e-9, atol: 1e-9 });
    expect(rows.map((row) => row.beta)).toEqual(usual.betas);
    for (const { beta, probability, meanCosine, failed } of rows) {
      const systems = Array.from({ length: 12 }, (_, s) => ({ beta, x0: uniformCloud(8, 3, randomSource(40 + s)).x }));
      const { clouds } = await record({ dynamics: "sa", n: 8, d: 3, systems, times: usual.times });
      expect(failed).toBe(0);
      usual.times.forEach((_, t) => {
        const products = clouds.flatMap((saved) => Array.from(innerProducts(saved[t], false)));
        // The same integration; a pair within rounding of the threshold would show as 1/336.
        expect(probability[t]).toBeCloseTo(products.filter((p) => p >= 0.999).length / products.length, 12);
        expect(meanCosine[t]).toBeCloseTo(products.reduce((a, b) => a + b) / products.length, 10);
      });
    }
  });

  it("in many dimensions runs in min(n, d) coordinates and gives the same", async () => {
    const options = { ...usual, d: 20, betas: [3], rtol: 1e-9, atol: 1e-9 };
    const [row] = await sweep(options);
    const systems = Array.from({ length: 12 }, (_, s) => ({
      beta: 3,
      x0: uniformCloud(8, 20, randomSource(40 + s)).x,
    }));
    const { clouds } = await record({ dynamics: "sa", n: 8, d: 20, systems, times: usual.times, reduce: false });
    usual.times.forEach((_, t) => {
      const products = clouds.flatMap((saved) => Array.from(innerProducts(saved[t], false)));
      expect(row.meanCosine[t]).toBeCloseTo(products.reduce((a, b) => a + b) / products.length, 8);
    });
  });

  it.each([2, 3, 40])(
    "by float32 steps counts as float64 with tight tolerances does at every time, d = %i",
    async (d) => {
      const times = Array.from({ length: 61 }, (_, i) => i / 4);
      const options = { ...usual, n: 16, d, betas: [0.1, 2, 6], seeds: 100, times };
      const loose = await sweep(options);
      const tight = await sweep({ ...options, precision: "float64", rtol: 1e-9, atol: 1e-9 });
      for (const [b, { failed, probability, meanCosine }] of loose.entries()) {
        expect(failed).toBe(0);
        // What phase diagrams are to be right to; in most cases it is ten times less.
        expect(largestDifference(probability as number[], tight[b].probability as number[])).toBeLessThan(0.002);
        // The cubic between steps of about 1; settled clouds go on at their rate.
        expect(largestDifference(meanCosine as number[], tight[b].meanCosine as number[])).toBeLessThan(0.002);
      }
    },
  );

  it("with a tolerance a thousand times as loose is too wrong for that", async () => {
    const options = { ...usual, n: 16, betas: [2], seeds: 100, times: Array.from({ length: 61 }, (_, i) => i / 4) };
    const [loose] = await sweep({ ...options, rtol: 5e-3, atol: 5e-3 });
    const [tight] = await sweep({ ...options, precision: "float64", rtol: 1e-9, atol: 1e-9 });
    expect(largestDifference(loose.probability as number[], tight.probability as number[])).toBeGreaterThan(0.002);
  });

  it("goes by float32 steps for every dynamics whose field and pace do not change, also in free space", async () => {
    const random = randomSource(3);
    for (const dynamics of ["sa_causal", "sa_weighted", "sa_preln", "sa_periln", "sa_ngpt", "sa_qkv"] as const) {
      const options = { ...usual, dynamics, params: randomParams(dynamics, 8, 3, random), betas: [1.5] };
      expect(sweepPrecision(options)).toBe("float32");
      const [steps] = await sweep(options);
      const [exact] = await sweep({ ...options, precision: "float64", rtol: 1e-9, atol: 1e-9 });
      // Of 336 pairs, none may fall on the other side at the tolerance of 5e-6; cubic interpolation of the mean.
      expect(largestDifference(steps.probability as number[], exact.probability as number[])).toBeLessThan(0.002);
      expect(largestDifference(steps.meanCosine as number[], exact.meanCosine as number[])).toBeLessThan(0.002);
    }
  });

  it("chooses float64 where float32 steps cannot be, and says why where they are asked for", async () => {
    expect(sweepPrecision(usual)).toBe("float32");
    for (const [change, reason] of [
      [{ dynamics: "usa" }, "rates of usa are of order e^β"],
      [{ dynamics: "sa_sqrt" }, "field of sa_sqrt changes in time"],
      [{ dynamics: "hardmax" }, "hardmax tells tokens apart"],
      [{ times: [0, 10_001] }, "it knows no times above 10000"],
      [{ rtol: 1e-8 }, "tolerances are 0.000001 and above"],
      [{ engine: "ts" }, "it runs on onnx runtime"],
      [{ method: "rk4", step: 0.1 }, "it chooses its own steps"],
      [{ method: "dop853" }, "it chooses its own steps"],
    ] as const) {
      const options = { ...usual, ...change };
      expect(sweepPrecision(options)).toBe("float64");
      await expect(sweep({ ...options, precision: "float32" })).rejects.toThrow(reason);
    }
  });

  it.each(["float32", "float64"] as const)(
    "gives the same rows in the same order for any number of helpers, whoever is done first, %s",
    async (precision) => {
      const options: SweepOptions = { ...usual, n: 4, betas: [1, 3], seeds: 600, precision };
      const alone = await sweep(options);
      const told: number[] = [];
      const late: StartHelper = (task, signal) => {
        const helper = localHelper(task, signal);
        return { ...helper, sums: (job, progress) => setTimeout(30).then(() => helper.sums(job, progress)) };
      };
      const rows = await sweep(options, { row: ({ beta }) => void told.push(beta) }, [late, localHelper, localHelper]);
      expect(rows).toEqual(alone);
      expect(told).toEqual([1, 3]);
    },
  );

  it("where a helper fails ends the others and tells its failure", async () => {
    const released: string[] = [];
    const counted: StartHelper = (task, signal) => {
      const helper = localHelper(task, signal);
      return { ...helper, release: () => helper.release().then(() => void released.push("counted")) };
    };
    const failing: StartHelper = () => ({
      sums: () => Promise.reject(new Error("no luck")),
      census: () => Promise.reject(new Error("not asked for")),
      release: async () => void released.push("failing"),
    });
    const told: number[] = [];
    const wanted = sweep({ ...usual, seeds: 600 }, { row: ({ beta }) => void told.push(beta) }, [counted, failing]);
    await expect(wanted).rejects.toThrow("no luck");
    expect(released.sort()).toEqual(["counted", "failing"]);
    expect(told).not.toContain(5);
  });

  it.each(["float32", "float64"] as const)("stops when it is told to, %s", async (precision) => {
    const controller = new AbortController();
    const stopped = sweep(
      { ...usual, seeds: 600, precision, signal: controller.signal },
      { row: () => controller.abort() },
    );
    await expect(stopped).rejects.toThrow("abort");
  });

  it("goes on from the rows that are done, through JSON, to the same numbers", async () => {
    const whole = await sweep(usual);
    const told: number[] = [];
    const done = JSON.parse(JSON.stringify(whole.slice(0, 2))) as SweepRow[];
    const rest = await sweep({ ...usual, done }, { row: (row) => void told.push(row.beta) });
    expect(rest).toEqual(whole);
    expect(told).toEqual([5]);
  });

  it("tells progress up to 1 without going back", async () => {
    const fractions: number[] = [];
    await sweep(usual, { progress: (fraction) => void fractions.push(fraction) });
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it("measures cosines where tokens have lengths of their own", async () => {
    const [row] = await sweep({ ...usual, dynamics: "sa_preln", betas: [1], times: [0, 500] });
    expect(row.meanCosine[1]!).toBeGreaterThan(0.99);
    expect(row.meanCosine[1]!).toBeLessThanOrEqual(1);
  });

  it.each(["float32", "float64"] as const)(
    "says how many starts failed and why, and null where none came: %s",
    async (precision) => {
      const [row] = await sweep({ ...usual, betas: [2], maxSteps: 1, precision });
      expect(row).toMatchObject({ failed: 12, failures: { "step limit": 12 } });
      expect(row.probability[0]).not.toBeNull();
      expect(row.probability[3]).toBeNull();
      expect(row.probabilityBounds?.low[0]).toBe(row.probability[0]);
      expect([row.probabilityBounds?.low[3], row.probabilityBounds?.high[3]]).toEqual([0, 1]);
      // Eight tokens whose sum is 0.
      expect(row.meanCosineBounds?.low[3]).toBeCloseTo(-1 / 7, 14);
    },
  );

  it("repeats in float64 what whole steps gave up, and counts it once: clusters that hardly move are not left out", async () => {
    // Within 40 steps those starts come to the end that have settled; float64 merges what coincides and needs fewer.
    const options = { ...usual, betas: [9], times: [0, 10, 1000], seeds: 24, maxSteps: 400 };
    const [repeated] = await sweep(options);
    const [exact] = await sweep({ ...options, precision: "float64", maxSteps: undefined });
    expect(sweepPrecision(options)).toBe("float32");
    expect(repeated.failed).toBe(0);
    expect(repeated.probability[0]).toBe(exact.probability[0]);
    // A pair of 672 may fall on the other side at tolerances of 5e-6.
    expect(largestDifference(repeated.probability as number[], exact.probability as number[])).toBeLessThan(0.002);
    expect(largestDifference(repeated.meanCosine as number[], exact.meanCosine as number[])).toBeLessThan(0.002);
    // Of those alone that had clustered, all pairs would have met.
    expect(exact.probability[2]).toBeLessThan(0.7);
  });

  it("at times of 10⁷ counts what float64 does: by float32 alone only starts that cluster came so far, and P was 1", async () => {
    const options = { ...usual, betas: [9], times: [0, 1e7], seeds: 64, firstSeed: 1 };
    expect(sweepPrecision(options)).toBe("float64");
    const [row] = await sweep(options);
    // At tolerances of 1e-9 the same: 1651 of 1792 pairs.
    expect(row).toMatchObject({ failed: 0, probability: [0, 1651 / 1792] });
  });

  it("refuses one token, no β, seeds out of range and rows of other options", async () => {
    await expect(sweep({ ...usual, n: 1 })).rejects.toThrow("n: 1.");
    const many = Array.from({ length: 10_001 }, (_, i) => i);
    await expect(sweep({ ...usual, betas: many, times: many })).rejects.toThrow("betas × times: 100020001 cells.");
    await expect(sweep({ ...usual, betas: [] })).rejects.toThrow("betas: none.");
    await expect(sweep({ ...usual, seeds: 0 })).rejects.toThrow("seeds: 0.");
    await expect(sweep({ ...usual, firstSeed: 2 ** 32 - 3 })).rejects.toThrow("last seed: 4294967304.");
    await expect(sweep({ ...usual, threshold: 1 })).rejects.toThrow("threshold: 1.");
    const other = { beta: 7, probability: [0, 0, 0, 0], meanCosine: [0, 0, 0, 0], failed: 0 };
    await expect(sweep({ ...usual, done: [other] })).rejects.toThrow("done: row 0 is of other options.");
  });
});
