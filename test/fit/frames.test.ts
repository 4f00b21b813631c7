import { beforeAll, describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { wasserstein1Sorted } from "../../probes/numerics/wasserstein1.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { candidate, type Frames } from "../../src/alignment/candidate.ts";
import { planSketch, sketch } from "../../src/alignment/quantile-sketch.ts";
import { familyOf } from "../../src/laws/families.ts";
import type { FitText } from "../../src/trajectories/fit-text.ts";
import { COARSE, COLLAPSED, detailFor, FINE, simulateFrames } from "../../src/trajectories/frames.ts";
import { visitSimulated } from "../../src/trajectories/simulated-products.ts";

const [N, D] = [14, 5];
const BETAS = [0.1, 2, 9];
const UNTIL = 0.8;
const plan = planSketch(
  Int32Array.from({ length: N }, (_, i) => i),
  1024,
);
const text: FitText = { n: N, d: D, clouds: [uniformCloud(N, D, randomSource(11))] };

const families = ["sa", "usa"] as const;

describe.each(families)("frames of %s", (dynamics) => {
  let frames: Frames[];
  beforeAll(async () => {
    frames = await simulateFrames(text, plan, familyOf(dynamics), BETAS, { detail: FINE, untilMeanCosine: UNTIL });
  });

  it("are made for every β, in the order asked", () => {
    expect(frames.map((f) => f.beta)).toEqual(BETAS);
  });

  it("begin at time 0 with the observed cloud and go forward", () => {
    const observed = new Float64Array(plan.weights.length);
    sketch(plan, text.clouds[0], observed, 0);
    for (const { times, sketches } of frames) {
      expect(times[0]).toBe(0);
      for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThan(times[i - 1]);
      // Simulated in span coordinates, which keep inner products to rounding; kept in single precision, right to 2⁻²⁵ of values up to 1.
      observed.forEach((value, b) => {
        expect(Math.abs(sketches[b] - value)).toBeLessThan(3e-8);
      });
    }
  });

  it("hold finite numbers only, as many as the plan has blocks in each", () => {
    for (const { times, sketches } of frames) {
      expect(sketches).toHaveLength(times.length * plan.weights.length);
      expect(sketches.every((v) => Number.isFinite(v) && Math.abs(v) <= 1)).toBe(true);
    }
  });

  it("end once the mean cosine passes the limit, and no earlier at small β", () => {
    for (const { times, sketches } of frames.slice(0, 2)) {
      const meanAt = (f: number): number =>
        plan.weights.reduce((sum, w, b) => sum + w * sketches[f * plan.weights.length + b], 0);
      expect(meanAt(times.length - 1)).toBeGreaterThanOrEqual(UNTIL);
      expect(meanAt(times.length - 2)).toBeLessThan(UNTIL);
    }
  });

  it("lie so close that a distance interpolated between them is the exact one", async () => {
    const horizon = frames[1].times[frames[1].times.length - 1];
    const times = [0.07, 0.31, 0.55, 0.83].map((share) => share * horizon);
    const predicted: Float64Array[] = [];
    await visitSimulated(
      text,
      familyOf(dynamics),
      BETAS[1],
      times,
      (i, cloud) => {
        predicted[i] = innerProducts(cloud, true).sort();
      },
      { tolerance: 1e-9 },
    );
    const sketches = new Float64Array(plan.weights.length);
    sketch(plan, text.clouds[0], sketches, 0);
    const c = candidate([frames[1]], [{ plan, sketches }]);
    const start = innerProducts(text.clouds[0], true).sort();
    times.forEach((t, i) => {
      // Neighbouring frames lie up to .017 apart in W1; a straight line between them errs by 3 % of that at most.
      expect(Math.abs(c.cost(0, t) - wasserstein1Sorted(start, predicted[i]))).toBeLessThan(5e-4);
    });
  });
});

describe("a candidate", () => {
  it("ends where the shortest of its texts ends, and its grid with it", async () => {
    const other: FitText = { ...text, clouds: [uniformCloud(N, D, randomSource(12))] };
    const each = await Promise.all(
      [text, other].map((t) =>
        simulateFrames(t, plan, familyOf("sa"), [2], { detail: COARSE, untilMeanCosine: UNTIL }),
      ),
    );
    const frames = each.map(([f]) => f);
    const target = { plan, sketches: new Float64Array(plan.weights.length) };
    const { grid, horizon } = candidate(frames, [target, target]);
    expect(horizon).toBe(Math.min(...frames.map((f) => f.times[f.times.length - 1])));
    expect([grid[0], grid[grid.length - 1]]).toEqual([0, horizon]);
    expect(grid.length).toBeLessThanOrEqual(400);
  });
});

describe("a trajectory that stays where it is", () => {
  it("is given up long before the horizon: equal tokens do not move", async () => {
    const x = Float64Array.from({ length: N * D }, (_, i) => (i % D === 0 ? 1 : 0));
    const still: FitText = { n: N, d: D, clouds: [{ n: N, d: D, x }] };
    const [frames] = await simulateFrames(still, plan, familyOf("sa"), [2], {
      detail: COARSE,
      untilMeanCosine: 0.9995,
    });
    expect(frames.times.length).toBeLessThanOrEqual(2);
    expect(frames.sketches.every((v) => Math.abs(v - 1) < 3e-8)).toBe(true);
  });
});

describe("a trajectory that starts slowly", () => {
  // Uniform tokens at β = 8 see little but themselves: in the first unit of time they move by less than frames are apart.
  it("is followed to where it moves", async () => {
    const slow: FitText = { n: 64, d: 64, clouds: [uniformCloud(64, 64, randomSource(3))] };
    const own = planSketch(
      Int32Array.from({ length: 64 }, (_, i) => i),
      1024,
    );
    const [frames] = await simulateFrames(slow, own, familyOf("sa"), [8], { detail: COARSE, untilMeanCosine: UNTIL });
    const [, first] = frames.times;
    expect(first).toBeGreaterThan(1);
    expect(frames.times[frames.times.length - 1]).toBeGreaterThan(6 * first);
    expect(frames.times.length).toBeGreaterThan(20);
  });
});

describe("a trajectory that costs too much", () => {
  it("is cut and says so; one that arrives is not", async () => {
    const options = { detail: COARSE, untilMeanCosine: UNTIL };
    const [whole] = await simulateFrames(text, plan, familyOf("sa"), [2], options);
    const [short] = await simulateFrames(text, plan, familyOf("sa"), [2], {
      ...options,
      detail: { ...COARSE, maxSteps: 3 },
    });
    expect([whole.cut, short.cut]).toEqual([false, true]);
    expect(short.times[short.times.length - 1]).toBeLessThan(whole.times[whole.times.length - 1]);
  });
});

describe("a cloud that has become one point", () => {
  it("is known at later times too", async () => {
    const [frames] = await simulateFrames(text, plan, familyOf("sa"), [2], {
      detail: COARSE,
      untilMeanCosine: COLLAPSED,
    });
    const { times, sketches } = frames;
    const last = sketches.subarray(sketches.length - plan.weights.length);
    expect(last.every((v) => v > 1 - 1e-4)).toBe(true);
    const arrived = times[times.length - 13];
    // Twelve frames of it, each a quarter later than the one before.
    expect(times[times.length - 1] / arrived).toBeCloseTo(1.25 ** 12, 6);
    for (let b = 0; b < last.length; b++) expect(sketches[sketches.length - 13 * last.length + b]).toBe(last[b]);
  });
});

describe("the detail of a simulation", () => {
  it("is the usual one where inner products change as much as in most networks, and finer in proportion where less", () => {
    expect(detailFor(FINE, 0.4)).toEqual(FINE);
    expect(detailFor(FINE, 0.015)).toMatchObject({ resolution: 0.001, tolerance: 1e-7, maxSteps: FINE.maxSteps });
  });

  it("is the usual one again where nothing but rounding changes", () => {
    expect(detailFor(COARSE, 1e-7)).toEqual(COARSE);
  });
});
