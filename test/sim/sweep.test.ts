import { describe, expect, it } from "vitest";
import { innerProducts } from "../../probes/inner-products.ts";
import { pairStatistics } from "../../sim/pair-statistics.ts";
import { randomSource } from "../../sim/random.ts";
import { type SweepOptions, type SweepRow, sweep } from "../../sim/sweep.ts";
import { uniformCloud } from "../../sim/uniform-cloud.ts";
import { equiangular, record, start } from "./cases.ts";

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

  it("at its default tolerance has probabilities within 0.002 of tight ones", async () => {
    const options = { ...usual, n: 16, betas: [1, 5], seeds: 100, times: Array.from({ length: 31 }, (_, i) => i / 2) };
    const [loose, tight] = await Promise.all([sweep(options), sweep({ ...options, rtol: 1e-10, atol: 1e-10 })]);
    for (const [b, row] of loose.entries()) {
      row.probability.forEach((p, t) => {
        expect(Math.abs(p! - tight[b].probability[t]!)).toBeLessThan(0.002);
      });
    }
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

  it("says how many starts failed, and null where none came", async () => {
    const [row] = await sweep({ ...usual, betas: [2], maxSteps: 1 });
    expect(row.failed).toBe(12);
    expect(row.probability[0]).not.toBeNull();
    expect(row.probability[3]).toBeNull();
  });

  it("refuses one token, no β, seeds out of range and rows of other options", async () => {
    await expect(sweep({ ...usual, n: 1 })).rejects.toThrow("n: 1.");
    await expect(sweep({ ...usual, betas: [] })).rejects.toThrow("betas: none.");
    await expect(sweep({ ...usual, seeds: 0 })).rejects.toThrow("seeds: 0.");
    await expect(sweep({ ...usual, firstSeed: 2 ** 32 - 3 })).rejects.toThrow("last seed: 4294967304.");
    await expect(sweep({ ...usual, threshold: 1 })).rejects.toThrow("threshold: 1.");
    const other = { beta: 7, probability: [0, 0, 0, 0], meanCosine: [0, 0, 0, 0], failed: 0 };
    await expect(sweep({ ...usual, done: [other] })).rejects.toThrow("done: row 0 is of other options.");
  });
});
