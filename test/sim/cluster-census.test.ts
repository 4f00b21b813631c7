import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { connectedComponents } from "../../probes/clusters/clusters.ts";
import { proportionInterval } from "../../probes/numerics/proportion-interval.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { linkedClusters } from "../../sim/clouds/linked-clusters.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { type ClusterCensus, clusterCensus } from "../../sim/sweep/cluster-census.ts";
import { localHelper } from "../../sim/sweep/local-helper.ts";
import { sweepClusters } from "../../sim/sweep/sweep-clusters.ts";
import type { StartHelper } from "../../sim/sweep/sweep-task.ts";
import { twoClusterLifetime } from "../../sim/theory/two-clusters.ts";
import { censusStatistics } from "../../src/simulations/census-statistics.ts";

describe("clusters by links", () => {
  it.each([2, 3])("are those of single linkage over all pairs, across the seam of angles too, d = %i", (d) => {
    for (const seed of [1, 2, 3, 4]) {
      const { x } = uniformCloud(40, d, randomSource(seed));
      const labels = connectedComponents(innerProducts({ n: 40, d, x }, false), 40, 0.97);
      const sizes = [...new Set(labels)].map((label) => labels.filter((one) => one === label).length);
      expect(linkedClusters(40, d, 0.97)(x)).toEqual(sizes.sort((a, b) => b - a));
    }
  });

  it("a ring in which every gap is too wide is as many as there are tokens, and one gap closed is one fewer", () => {
    const at = (angles: readonly number[]) => Float64Array.from(angles.flatMap((t) => [Math.cos(t), Math.sin(t)]));
    expect(linkedClusters(3, 2, 0.9)(at([0, 2, 4]))).toEqual([1, 1, 1]);
    expect(linkedClusters(3, 2, 0.9)(at([-3.1, 0, 3.1]))).toEqual([2, 1]);
  });
});

describe("a census over starts", () => {
  const usual = { dynamics: "sa", n: 2, d: 2, seeds: 12, firstSeed: 1, rtol: 1e-9, atol: 1e-9 } as const;

  it("of two tokens: merges when theory says, and P(one) is the share of starts that have merged", async () => {
    const [beta, level] = [2, 0.9];
    const { starts, failures } = await clusterCensus({ ...usual, beta, thresholds: [level], times: [0, 2] });
    expect(failures).toEqual([]);
    let merged = 0;
    starts[0].forEach(({ sizes, firstMerge, lastMerge }, s) => {
      const { x } = uniformCloud(2, 2, randomSource(1 + s));
      const phi = Math.acos(x[0] * x[2] + x[1] * x[3]);
      const met = phi <= Math.acos(level);
      const time = met ? 0 : twoClusterLifetime(beta, phi, Math.acos(level));
      if (time <= 2) merged++;
      expect(sizes[1]).toEqual(time <= 2 ? [2] : [1, 1]);
      if (met) expect([firstMerge, lastMerge]).toEqual([null, 0]);
      else if (time <= 2)
        expect([firstMerge! / time, lastMerge! / time]).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 6)]);
      else expect([firstMerge, lastMerge]).toEqual([null, null]);
    });
    // Some of both, or nothing is tested.
    expect(merged).toBeGreaterThan(2);
    expect(merged).toBeLessThan(12);
    const told = censusStatistics(level, starts[0], [0, 2], 1);
    expect(told.one[1].value).toBeCloseTo(merged / 12, 15);
    expect(told.still[1]["2"]).toBeCloseTo(1 - merged / 12, 15);
    expect(told.last_merge.happened).toBe(merged);
  });

  it("starts at or above another threshold are fewer clusters, and what fails counts nowhere", async () => {
    const { starts } = await clusterCensus({ ...usual, n: 12, d: 3, beta: 4, thresholds: [0.5, 0.99], times: [1] });
    const count = (h: number) => starts[h].reduce((sum, { sizes }) => sum + sizes[0].length, 0);
    expect(count(0)).toBeLessThan(count(1));
    const late = await clusterCensus({ ...usual, beta: 1, thresholds: [0.9], times: [1], maxSteps: 1 });
    expect([late.starts[0].length, late.failures.length]).toEqual([0, 12]);
  });
});

describe("a sweep of clusters", () => {
  const usual = { dynamics: "sa", n: 5, d: 2, seeds: 20, firstSeed: 3, rtol: 1e-6, times: [0, 1], thresholds: [0.9] };
  const swept = async (betas: readonly number[], helpers?: readonly StartHelper[]) => {
    const rows: [number, ClusterCensus][] = [];
    await sweepClusters({ ...usual, betas }, { row: (beta, census) => void rows.push([beta, census]) }, helpers);
    return rows;
  };

  it("is the same bit by bit for any number of helpers, whoever is done first, in the order of β", async () => {
    const late: StartHelper = (task, signal) => {
      const helper = localHelper(task, signal);
      return { ...helper, census: (job, progress) => setTimeout(20).then(() => helper.census(job, progress)) };
    };
    const alone = await swept([1, 9]);
    expect(alone.map(([beta, { starts }]) => [beta, starts[0].length])).toEqual([
      [1, 20],
      [9, 20],
    ]);
    expect(await swept([1, 9], [late, localHelper, localHelper])).toEqual(alone);
    expect(await swept([9])).toEqual(alone.slice(1));
  });

  it("refuses what it cannot use before any work", async () => {
    await expect(sweepClusters({ ...usual, betas: [1], thresholds: [1] }, { row: () => {} })).rejects.toThrow(
      /clusters: 1/,
    );
  });
});

describe("intervals over starts", () => {
  it("of a probability never end where they begin, and cover", () => {
    expect(proportionInterval(0, 20)[1]).toBeCloseTo(0.1611, 4);
    expect(proportionInterval(10, 20)).toEqual([expect.closeTo(0.2993, 4), expect.closeTo(0.7007, 4)]);
  });

  it("k_max equal clusters are k_max of nearly equal sizes", () => {
    const start = (...sizes: number[]) => ({ sizes: [sizes], firstMerge: null, lastMerge: null });
    const told = censusStatistics(0.9, [start(4, 4, 4), start(8, 2, 2), start(12)], [0], 3);
    expect([told.kmax_clusters[0].value, told.kmax_equal[0].value]).toEqual([2 / 3, 1 / 3]);
  });

  it("a median that half of the starts have not reached is not known", () => {
    const times = (...all: (number | null)[]) => all.map((lastMerge) => ({ sizes: [[1]], firstMerge: 1, lastMerge }));
    expect(censusStatistics(0.9, times(1, 2, 3, null, null), [0], 1).last_merge).toMatchObject({
      value: 3,
      happened: 3,
    });
    expect(censusStatistics(0.9, times(1, 2, null, null, null), [0], 1).last_merge.value).toBeNull();
  });
});
