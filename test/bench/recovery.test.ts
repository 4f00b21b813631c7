import { describe, expect, it } from "vitest";
import { randomNumbers } from "../../bench/clouds/random.mjs";
import { recoveryStates, truthOf } from "../../bench/recovery/draw.mjs";
import { recoveryFigure } from "../../bench/recovery/figure.mjs";
import {
  confusion,
  coverage,
  csv,
  errors,
  isClear,
  LEVELS,
  ranks,
  shareRight,
  summaryLines,
} from "../../bench/recovery/summary.mjs";
import { renderSvg } from "../../src/draw/render.ts";
import { fitFamilies } from "../../src/fit/fit.ts";

/** z of the ends of central intervals of a normal law. */
const ENDS = { 50: 0.6745, 80: 1.2816, 95: 1.96 };

/** Fits whose ln β errs normally by `size`, with intervals made for errors of `said`: calibrated where both are equal. */
function simulatedRows(count: number, size: number, said: number) {
  const { normal, uniform } = randomNumbers(4);
  return Array.from({ length: count }, (_, id) => {
    const truth = { ...truthOf(id), moved: 0.5 };
    const beta = truth.beta * Math.exp(size * normal());
    const ends = Object.entries(ENDS).map(([level, z]) => [
      level,
      [beta * Math.exp(-z * said), beta * Math.exp(z * said)],
    ]);
    const z = 6 * uniform() - 1;
    const right = z > 0.5;
    const best = right === (truth.family === "sa") ? "sa" : "usa";
    const fitted = { beta, map: "linear", intervals: Object.fromEntries(ends) };
    return { truth, best, tie: [], conclusion: null, z, seconds: 1, families: { sa: fitted, usa: fitted } };
  });
}

describe("the truths of the recovery", () => {
  const truths = Array.from({ length: 192 }, (_, id) => truthOf(id));

  it("meet every combination of family, time, size and noise four times", () => {
    const met = new Map<string, number>();
    for (const { family, map, n, d, noise } of truths) {
      const cell = [family, map, n, d, noise].join();
      met.set(cell, (met.get(cell) ?? 0) + 1);
    }
    expect(met.size).toBe(48);
    expect(new Set(met.values())).toEqual(new Set([4]));
  });

  it("have β log-uniform in .5 … 12, and powers of time on both sides of 1", () => {
    const shares = truths.map(({ beta }) => Math.log(beta / 0.5) / Math.log(24));
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shares)).toBeLessThan(1);
    // Four standard errors of the mean of 192 uniform numbers.
    expect(Math.abs(shares.reduce((a, b) => a + b) / 192 - 0.5)).toBeLessThan(0.084);
    const powers = truths.filter(({ map }) => map === "power").map(({ power }) => power);
    expect(powers.some((p) => p < 0.8) && powers.some((p) => p > 1.25)).toBe(true);
  });
});

describe("the summary of the recovery", () => {
  const calibrated = simulatedRows(400, 0.1, 0.1);

  it("finds calibrated intervals calibrated", () => {
    for (const level of LEVELS) expect(coverage(calibrated, level).within).toBe(true);
    expect(ranks(calibrated).p).toBeGreaterThan(0.01);
    expect(errors(calibrated).rms).toBeCloseTo(0.1, 1);
  });

  it("finds intervals of half the width too narrow, and of twice the width too wide", () => {
    for (const said of [0.05, 0.2]) {
      const rows = simulatedRows(400, 0.1, said);
      for (const level of LEVELS) expect(coverage(rows, level).within).toBe(false);
      expect(ranks(rows).p).toBeLessThan(1e-6);
    }
  });

  it("counts families by truth and by name", () => {
    const counted = confusion(calibrated);
    const total = Object.values(counted).flatMap((row) => Object.values(row as Record<string, number>));
    expect(total.reduce((a, b) => a + b)).toBe(400);
    expect(shareRight(calibrated.filter(isClear))).toBe(1);
    expect(shareRight(calibrated)).toBeLessThan(1);
  });

  it("says so where the fit gives no intervals", () => {
    const bare = calibrated.map((row) => ({
      ...row,
      families: { sa: { beta: 1, map: "linear", intervals: {} }, usa: { beta: 1, map: "linear", intervals: {} } },
    }));
    expect(summaryLines(bare).join("\n")).toContain("No ranks");
    expect(summaryLines(calibrated).join("\n")).not.toContain("NaN");
  });

  it("is a table with as many cells in every line, and a figure", async () => {
    const lines = csv(calibrated.slice(0, 12)).trim().split("\n");
    expect(lines.length).toBe(13);
    expect(new Set(lines.map((line: string) => line.split(",").length)).size).toBe(1);
    expect(await renderSvg(recoveryFigure(calibrated.slice(0, 60)) as never)).toContain("<svg");
  });
});

describe("a trajectory that stands still between two merges", () => {
  it("is followed on: β = 10.4 of clusters that meet at times a factor of six apart is found", async () => {
    const truth = truthOf(2009);
    const { result } = await fitFamilies([recoveryStates(truth)], { families: ["sa"], checks: false, bootstrap: 0 });
    // Ended at the first rest β was 9.75; now 10.378 of 10.390.
    expect(result.families[0].beta).toBeGreaterThan(0.99 * truth.beta);
    expect(result.families[0].beta).toBeLessThan(1.01 * truth.beta);
  });
});
