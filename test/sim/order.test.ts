import { describe, expect, it } from "vitest";
import { METHODS, type MethodName } from "../../sim/integrators/registry.ts";
import { simulate } from "../../sim/simulate.ts";
import { largestDifference, start } from "./cases.ts";

const SYSTEM = { dynamics: "sa", n: 5, d: 3, systems: [{ beta: 2, x0: start(5, 3, 4) }], engine: "ts" } as const;

async function stateAt(
  time: number,
  options: { method?: MethodName; step?: number; rtol?: number },
): Promise<Float64Array> {
  let state = new Float64Array();
  const atol = options.rtol;
  await simulate(
    { ...SYSTEM, times: [time, 4], ...options, atol },
    {
      save: (_system, index, _t, cloud) => {
        if (index === 0) state = Float64Array.from(cloud.x);
      },
    },
  );
  return state;
}

/** Slope of log error against log step between two steps. */
async function measuredOrder(method: MethodName, time: number, steps: readonly [number, number]): Promise<number> {
  const exact = await stateAt(time, { rtol: 1e-13 });
  const [coarse, fine] = await Promise.all(
    steps.map(async (step) => largestDifference(await stateAt(time, { method, step }), exact)),
  );
  return Math.log(coarse / fine) / Math.log(steps[0] / steps[1]);
}

/** Steps in the asymptotic range: below, rounding (1e-15) shows; above, higher terms do. */
const STEPS: Readonly<Record<MethodName, readonly [number, number]>> = {
  dop853: [1 / 4, 1 / 8],
  euler: [1 / 128, 1 / 256],
  heun: [1 / 64, 1 / 128],
  rk4: [1 / 32, 1 / 64],
  tsit5: [1 / 16, 1 / 32],
};

describe("the measured order of convergence", () => {
  for (const method of Object.keys(STEPS) as MethodName[]) {
    it(`of ${method} is ${METHODS[method].order} at the ends of steps`, async () => {
      expect(Math.abs((await measuredOrder(method, 2, STEPS[method])) - METHODS[method].order)).toBeLessThan(0.2);
    });

    it(`of ${method} loses nothing, or one order, between steps`, async () => {
      // The middle of the step that begins at t = 2, for either step.
      const [coarse, fine] = STEPS[method];
      const exactTimes = [2 + coarse / 2, 2 + fine / 2];
      const errors = await Promise.all(
        [coarse, fine].map(async (step, i) =>
          largestDifference(
            await stateAt(exactTimes[i], { method, step }),
            await stateAt(exactTimes[i], { rtol: 1e-13 }),
          ),
        ),
      );
      expect(Math.log2(errors[0] / errors[1])).toBeGreaterThan(METHODS[method].order - 0.3);
    });
  }
});

describe("the adaptive pair", () => {
  it("has errors in proportion to the tolerance", async () => {
    const exact = await stateAt(2.345, { rtol: 1e-13 });
    const errors = await Promise.all(
      [1e-5, 1e-7, 1e-9, 1e-11].map(async (rtol) => largestDifference(await stateAt(2.345, { rtol }), exact) / rtol),
    );
    // Each step's error is held below 2 rtol and a step's dense output is as good; some ten steps add up.
    for (const error of errors) expect(error).toBeLessThan(20);
  });
});
