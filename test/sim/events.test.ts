import { describe, expect, it } from "vitest";
import { liftEquiangular } from "../../sim/reductions/equiangular.ts";
import type { SimulateOptions } from "../../sim/simulate/options.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { clusteringTime } from "../../sim/theory/clustering-time.ts";
import { twoClusterLifetime } from "../../sim/theory/two-clusters.ts";
import { meanProduct, start } from "./cases.ts";

/** theory.md §2: time to 1 − ρ = 1e-3 from ρ = 0, n = 32, SA, by β. */
const TABLE = [
  [0.1, 5.192],
  [1, 5.27],
  [2, 5.458],
  [3, 5.898],
  [4, 6.954],
  [5, 9.544],
  [6, 15.995],
  [7, 32.233],
  [8, 73.446],
  [9, 178.731],
] as const;

const onCircle = (angles: readonly number[]) => Float64Array.from(angles.flatMap((a) => [Math.cos(a), Math.sin(a)]));

async function eventsOf(options: Omit<SimulateOptions, "systems"> & { beta: number; x0: Float64Array }) {
  const { beta, x0, ...others } = options;
  const [result] = await simulate({ ...others, systems: [{ beta, x0 }] });
  return result;
}

describe("the time at which the mean cosine reaches a level", () => {
  for (const [beta, rounded] of TABLE) {
    it(`is the closed form for an equiangular start at β = ${beta}: ${rounded}`, async () => {
      const result = await eventsOf({
        dynamics: "sa",
        n: 32,
        d: 32,
        beta,
        x0: liftEquiangular(32, 0),
        times: [1000],
        events: [{ kind: "mean cosine", level: 1 - 1e-3, terminal: true }],
      });
      const wanted = clusteringTime("sa", 32, beta, 0, 1 - 1e-3);
      expect(wanted).toBeCloseTo(rounded, 3);
      expect(result).toMatchObject({ outcome: "event", saved: 0 });
      expect(result.time).toBe(result.events[0].time);
      // Errors of 1e-9 a step of coordinates that are 0.03 apart.
      expect(Math.abs(result.events[0].time / wanted - 1)).toBeLessThan(1e-6);
    });
  }

  it("holds for the smallest cosine too, which is the same there, and for USA", async () => {
    const result = await eventsOf({
      dynamics: "usa",
      n: 8,
      d: 8,
      beta: 3,
      x0: liftEquiangular(8, 0.1),
      times: [10],
      events: [
        { kind: "mean cosine", level: 0.5 },
        { kind: "min cosine", level: 0.9 },
      ],
    });
    expect(result.events.map(({ kind }) => kind)).toEqual(["mean cosine", "min cosine"]);
    [0.5, 0.9].forEach((level, e) => {
      expect(Math.abs(result.events[e].time / clusteringTime("usa", 8, 3, 0.1, level) - 1)).toBeLessThan(1e-6);
    });
    expect(result.outcome).toBe("reached the end");
  });

  it("does not depend on steps, method, tolerance or save times", async () => {
    const x0 = start(9, 3, 2);
    const options = { dynamics: "sa", n: 9, d: 3, beta: 2, x0, events: [{ kind: "mean cosine", level: 0.6 }] } as const;
    const at = async (more: Partial<SimulateOptions>) =>
      (await eventsOf({ times: [30], ...options, ...more })).events[0].time;
    const wanted = await at({ method: "dop853", rtol: 1e-13, atol: 1e-13 });
    for (const more of [
      {},
      { times: Array.from({ length: 300 }, (_, i) => i / 10) },
      { method: "dop853", rtol: 1e-10 },
      { method: "tsit5", step: 0.02 },
      { method: "tsit5", step: 0.013 },
      { method: "rk4", step: 0.005 },
    ] as const) {
      expect(Math.abs((await at(more)) - wanted)).toBeLessThan(1e-6);
    }
    // A coarse Euler step is wrong by its own error, which shows that the time is not read off somewhere else.
    expect(Math.abs((await at({ method: "euler", step: 0.05 })) - wanted)).toBeGreaterThan(1e-4);
  });

  it("is seen from above as well, where tokens drive apart", async () => {
    const result = await eventsOf({
      dynamics: "sa_repulsive",
      n: 6,
      d: 3,
      beta: 2,
      x0: start(6, 3, 3).map((v, e) => (e % 3 === 0 ? v + 3 : v)),
      times: [20],
      events: [{ kind: "mean cosine", level: 0.5 }],
    });
    expect(result.events).toHaveLength(1);
  });

  it("sees directions only, where tokens have lengths", async () => {
    const clouds: number[] = [];
    const [result] = await simulate(
      {
        dynamics: "sa_preln",
        n: 6,
        d: 4,
        systems: [{ beta: 1, x0: start(6, 4, 3) }],
        times: [1000],
        events: [{ kind: "mean cosine", level: 0.9, terminal: true }],
      },
      {
        event: (_system, _event, { n, d, x }) => {
          const unit = Float64Array.from(x, (v, e) => v / Math.hypot(...x.subarray(e - (e % d), e - (e % d) + d)));
          clouds.push(meanProduct({ n, d, x: unit }));
        },
      },
    );
    expect(result.outcome).toBe("event");
    // The cloud that is shown is the one at the event: bisected to the last bits.
    expect(Math.abs(clouds[0] - 0.9)).toBeLessThan(1e-12);
  });

  it("is found across the pieces of a schedule", async () => {
    const options = { dynamics: "sa_mixln", n: 6, d: 6, beta: 2, x0: liftEquiangular(6, 0.1), times: [50] } as const;
    const events = [{ kind: "mean cosine", level: 0.3 } as const, { kind: "mean cosine", level: 0.95 } as const];
    const { events: found } = await eventsOf({ ...options, params: { tau: 1 }, events });
    expect(found.map(({ level }) => level)).toEqual([0.3, 0.95]);
    expect(Math.abs(found[0].time - clusteringTime("sa", 6, 2, 0.1, 0.3))).toBeLessThan(1e-6);
    expect(found[1].time).toBeGreaterThan(clusteringTime("sa", 6, 2, 0.1, 0.95) + 0.1);
  });
});

describe("merges", () => {
  it("of two clusters happen when the quadrature says", async () => {
    for (const beta of [1, 5, 12]) {
      const phi1 = Math.acos(1 - 1e-4);
      const result = await eventsOf({
        dynamics: "sa",
        n: 2,
        d: 2,
        beta,
        x0: onCircle([0, 1.5]),
        times: [1e9],
        events: [{ kind: "merge", level: 1 - 1e-4 }],
      });
      expect(result.events).toMatchObject([{ kind: "merge", tokens: [0, 1], clusters: 1 }]);
      expect(Math.abs(result.events[0].time / twoClusterLifetime(beta, 1.5, phi1) - 1)).toBeLessThan(1e-6);
    }
  });

  it("of the five-token staircase come closest pair first, over 33 decades of time", async () => {
    const x0 = onCircle([0, 0.04249, 0.16996, 0.33992, 0.59486]);
    const events = [
      { kind: "merge", level: 1 - 1e-6 } as const,
      { kind: "clusters", level: 1 - 1e-6 } as const,
      { kind: "clusters", level: 1 - 1e-6, count: 1, terminal: true } as const,
    ];
    const result = await eventsOf({ dynamics: "sa", n: 5, d: 2, beta: 1000, x0, times: [1e40], events });
    const merges = result.events.filter(({ kind }) => kind === "merge");
    expect(merges.map(({ clusters }) => clusters)).toEqual([4, 3, 2, 1]);
    expect(merges[0].tokens).toEqual([0, 1]);
    [4, 1.3e3, 9e11, 3e33].forEach((time, m) => {
      // The times of theory.md §6 are given to one or two digits.
      expect(Math.abs(Math.log10(merges[m].time / time))).toBeLessThan(0.2);
    });
    expect(result.outcome).toBe("event");
    // Each merge is a change of the number of clusters, at the same time; the last is there once more, as terminal.
    const changes = result.events.filter(({ kind }) => kind === "clusters");
    expect(changes.map(({ clusters }) => clusters)).toEqual([4, 3, 2, 1, 1]);
    merges.forEach(({ time }, m) => {
      expect(Math.abs(changes[m].time / time - 1)).toBeLessThan(1e-9);
    });
  });

  it("do not count what was together at the start, nor the same groups twice", async () => {
    const x0 = onCircle([0, 1e-5, 1.2, 1.2]);
    const events = [{ kind: "merge", level: 0.999 } as const];
    const result = await eventsOf({ dynamics: "sa", n: 4, d: 2, beta: 1, x0, times: [20], events });
    expect(result.events).toHaveLength(1);
    expect(result.events[0].clusters).toBe(1);
  });
});

describe("a system that a terminal event ends", () => {
  it("saves what lies before it and leaves others alone", async () => {
    const saved: [number, number][] = [];
    const results = await simulate(
      {
        dynamics: "sa",
        n: 8,
        d: 8,
        systems: [1, 6, 1].map((beta) => ({ beta, x0: liftEquiangular(8, 0) })),
        times: [0, 1, 2, 3, 4],
        events: [{ kind: "mean cosine", level: 0.9, terminal: true }],
      },
      { save: (system, index) => void saved.push([system, index]) },
    );
    const time = clusteringTime("sa", 8, 1, 0, 0.9);
    expect(results.map(({ outcome }) => outcome)).toEqual(["event", "reached the end", "event"]);
    expect(results[0].message).toBe("a terminal event happened");
    expect(results[0].time).toBeCloseTo(time, 6);
    expect(results[0].saved).toBe(Math.ceil(time));
    expect(saved.filter(([system]) => system === 1)).toHaveLength(5);
    expect(results[1].events).toEqual([]);
  });
});

describe("events that cannot be", () => {
  const given = (event: object, n = 3) =>
    simulate({
      dynamics: "sa",
      n,
      d: 2,
      systems: [{ beta: 1, x0: start(n, 2, 1) }],
      times: [1],
      events: [event as never],
    });

  it("are refused in one line", async () => {
    await expect(given({ kind: "mean", level: 0 })).rejects.toThrow("event: mean. use mean cosine, min cosine, ");
    await expect(given({ kind: "merge", level: 1 })).rejects.toThrow("merge: 1. use a level above -1 and below 1");
    await expect(given({ kind: "merge", level: Number.NaN })).rejects.toThrow("merge: NaN.");
    await expect(given({ kind: "merge", level: 0.9, count: 1 })).rejects.toThrow("count: 1. only clusters");
    await expect(given({ kind: "clusters", level: 0.9, count: 0 })).rejects.toThrow("count: 0.");
    await expect(given({ kind: "merge", level: 0.9 }, 1)).rejects.toThrow("n: 1. events need two tokens");
  });
});
