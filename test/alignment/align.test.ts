import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { align, alignFirst, costTable, monotonePath, type TimeMap } from "../../src/alignment/align.ts";
import type { Trajectory } from "../../src/alignment/candidate.ts";

/** A candidate that predicts perfectly at the times `best`, and misses by |t − best| elsewhere. */
function candidateWith(best: readonly number[], gridSize = 60, horizon = 2): Trajectory {
  const grid = Float64Array.from({ length: gridSize }, (_, i) => (horizon * i) / (gridSize - 1));
  return { grid, horizon, cost: (layer, t) => Math.abs(t - best[layer]) };
}

function evenFractions(layers: number): number[] {
  return Array.from({ length: layers }, (_, k) => k / (layers - 1));
}

function alignment(c: Trajectory, map: TimeMap, layers: number, skip = -1) {
  const fractions = evenFractions(layers);
  return align(c, map, fractions, costTable(c, map, fractions), skip);
}

/** The cheapest total of all non-decreasing paths that start at 0, by trying them all. */
function bruteForce(table: Float64Array, layers: number, g: number, skip: number): number {
  const cheapestFrom = (layer: number, least: number): number => {
    if (layer === layers) return 0;
    const choices = Array.from({ length: g - least }, (_, i) => least + i);
    return Math.min(...choices.map((i) => (layer === skip ? 0 : table[layer * g + i]) + cheapestFrom(layer + 1, i)));
  };
  return cheapestFrom(1, 0);
}

const problems = fc
  .record({ layers: fc.integer({ min: 2, max: 5 }), g: fc.integer({ min: 1, max: 6 }) })
  .chain(({ layers, g }) =>
    fc.record({
      layers: fc.constant(layers),
      g: fc.constant(g),
      skip: fc.integer({ min: -1, max: layers - 2 }).map((k) => (k === 0 ? -1 : k)),
      // Few distinct values, so that ties are met.
      table: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: layers * g, maxLength: layers * g }),
    }),
  );

describe("the monotone dynamic programme", () => {
  it("costs as little as the best of all non-decreasing assignments, with and without a layer left out", () => {
    fc.assert(
      fc.property(problems, ({ layers, g, skip, table }) => {
        const path = monotonePath(Float64Array.from(table), layers, g, skip);
        const cost = path.reduce((sum, i, k) => sum + (k === 0 || k === skip ? 0 : table[k * g + i]), 0);
        expect(cost).toBe(bruteForce(Float64Array.from(table), layers, g, skip));
      }),
    );
  });

  it("starts at time 0 and never goes back", () => {
    fc.assert(
      fc.property(problems, ({ layers, g, skip, table }) => {
        const path = monotonePath(Float64Array.from(table), layers, g, skip);
        expect(path).toHaveLength(layers);
        expect(path[0]).toBe(0);
        for (let k = 1; k < layers; k++) expect(path[k]).toBeGreaterThanOrEqual(path[k - 1]);
      }),
    );
  });

  it("costs more when it is done layer by layer: the greedy choice is no substitute", () => {
    // Layer 1 is best at index 2 by a little, but that bars layer 2 from its far better index 0.
    const table = Float64Array.of(0, 0, 0, /**/ 2, 2, 1, /**/ 0, 9, 9);
    expect(monotonePath(table, 3, 3)).toEqual([0, 0, 0]);
  });
});

describe("the monotone alignment", () => {
  it("finds times that lie between the points of the grid", () => {
    const best = [0, 0.313, 0.3277, 1.01, 1.9];
    const { times, w1 } = alignment(candidateWith(best), "monotone", 5);
    // Golden section ends at 1e-9 of its interval, or after 40 steps.
    times.forEach((t, k) => {
      expect(t).toBeCloseTo(best[k], 7);
    });
    expect(w1).toBeLessThan(1e-7);
  });

  it("is non-decreasing and no dearer than the path on the grid, whatever the layers want", () => {
    const wanted = fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 3, maxLength: 7 });
    fc.assert(
      fc.property(wanted, fc.boolean(), (best, leaveOut) => {
        const layers = best.length;
        const skip = leaveOut ? 1 : -1;
        const c = candidateWith(best, 15);
        const fractions = evenFractions(layers);
        const table = costTable(c, "monotone", fractions);
        const { times, costs, w1 } = align(c, "monotone", fractions, table, skip);
        const onGrid = monotonePath(table, layers, 15, skip);
        const used = costs.filter((_, k) => k > 0 && k !== skip);
        const gridCost = onGrid.reduce((sum, i, k) => sum + (k === 0 || k === skip ? 0 : c.cost(k, c.grid[i])), 0);
        for (let k = 1; k < layers; k++) expect(times[k]).toBeGreaterThanOrEqual(times[k - 1]);
        // Sums of at most seven numbers below 2, in another order.
        expect(w1 * used.length).toBeLessThanOrEqual(gridCost + 1e-12);
        expect(costs[0]).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("puts a left-out layer halfway between its neighbours and leaves it out of the mean", () => {
    const { times, costs, w1 } = alignment(candidateWith([0, 0.5, 1.9, 1.5, 2]), "monotone", 5, 2);
    expect(times[2]).toBeCloseTo(1, 6);
    expect(costs[2]).toBeCloseTo(0.9, 6);
    expect(w1).toBeLessThan(1e-7);
  });
});

describe("the linear alignment", () => {
  it("finds the end time that a fine scan finds, and none better is there", () => {
    const wanted = fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(wanted, (best) => {
        const layers = best.length;
        const c = candidateWith(best, 200);
        const cost = (T: number): number =>
          best.reduce((sum, _, k) => sum + (k === 0 ? 0 : c.cost(k, (T * k) / (layers - 1))), 0) / (layers - 1);
        const scan = Math.min(...Array.from({ length: 20_001 }, (_, i) => cost((2 * i) / 20_000)));
        // The scan is off by at most half its spacing, 5e-5, times the slope, 1.
        expect(Math.abs(alignment(c, "linear", layers).w1 - scan)).toBeLessThan(1e-4);
      }),
      { numRuns: 40 },
    );
  });

  it("spaces layers as their fractions say", () => {
    const { times } = alignment(candidateWith([0, 0.4, 0.8, 1.2]), "linear", 4);
    times.forEach((t, k) => {
      expect(t).toBeCloseTo(0.4 * k, 6);
    });
  });

  it("fits a bent time worse than the monotone alignment does", () => {
    const bent = candidateWith([0, 0.02, 0.1, 0.6, 2]);
    expect(alignment(bent, "linear", 5).w1).toBeGreaterThan(0.1);
    expect(alignment(bent, "monotone", 5).w1).toBeLessThan(1e-6);
  });

  it("does not look at a layer that is left out", () => {
    const honest = alignment(candidateWith([0, 0.5, 1, 1.5]), "linear", 4, 2);
    const spoilt = alignment(candidateWith([0, 0.5, 1.9, 1.5]), "linear", 4, 2);
    expect(spoilt.times).toEqual(honest.times);
    expect(spoilt.w1).toBe(honest.w1);
    expect(spoilt.costs[2]).toBeGreaterThan(0.8);
  });
});

describe("one step fitted to the first layers", () => {
  it("predicts those behind them, which take no part in what is fitted", () => {
    // Layers 1 to 3 say a step of .3; the last two would say .1.
    const c = candidateWith([0, 0.3, 0.6, 0.9, 0.4, 0.5]);
    const fractions = evenFractions(6);
    const { times, costs, w1 } = alignFirst(c, fractions, costTable(c, "linear", fractions), 3);
    // As closely as the golden section goes, 1e-9 of the time.
    times.forEach((t, k) => {
      expect(t).toBeCloseTo(0.3 * k, 6);
    });
    expect(w1).toBeCloseTo(0, 6);
    expect(costs[4]).toBeCloseTo(0.8, 6);
    expect(costs[5]).toBeCloseTo(1, 6);
  });
});
