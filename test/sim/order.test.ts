import { describe, expect, it } from "vitest";
import { METHODS, type MethodName } from "../../sim/methods/methods.ts";
import type { SimulateOptions } from "../../sim/simulate/options.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { start } from "./cases.ts";
import { handMadeSa } from "./defined.ts";

/** Sixteen starts together: one alone has accidents of sign in its error. */
const SYSTEMS = Array.from({ length: 16 }, (_, i) => ({ beta: 4, x0: start(5, 3, i) }));

/** All states at one time, end to end. */
async function statesAt(time: number, options: Partial<SimulateOptions>): Promise<number[]> {
  const states: number[][] = [];
  await simulate(
    { dynamics: "sa", n: 5, d: 3, systems: SYSTEMS, times: [time, 4], engine: "ts", ...options },
    {
      save: (system, index, _t, cloud) => {
        if (index === 0) states[system] = Array.from(cloud.x);
        return index === 0 ? undefined : false;
      },
    },
  );
  return states.flat();
}

const exactAt = (time: number) => statesAt(time, { method: "dop853", rtol: 1e-14, atol: 1e-14 });

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, e) => value - b[e]));
}

/** Steps in the asymptotic range: below them rounding shows (1e-14), above them higher terms do. */
const STEPS: Readonly<Record<MethodName, number>> = {
  dop853: 1 / 4,
  euler: 1 / 32,
  heun: 1 / 32,
  rk4: 1 / 16,
  tsit5: 1 / 16,
};

describe("the measured order of convergence", () => {
  for (const method of Object.keys(METHODS) as MethodName[]) {
    const { order } = METHODS[method];

    it(`of ${method} is ${order}, at the ends of steps`, async () => {
      const exact = await exactAt(2);
      const [coarse, fine] = await Promise.all(
        [STEPS[method], STEPS[method] / 2].map(async (step) => distance(await statesAt(2, { method, step }), exact)),
      );
      expect(Math.abs(Math.log2(coarse / fine) - order)).toBeLessThan(0.2);
    });

    it(`of ${method} is as high in the middle of steps, by its dense output`, async () => {
      const errors = await Promise.all(
        [STEPS[method], STEPS[method] / 2].map(async (step) => {
          const time = 2 + step / 2;
          return distance(await statesAt(time, { method, step }), await exactAt(time));
        }),
      );
      // The local error of an interpolant of order p − 1 is of order p, and is not added up.
      expect(Math.log2(errors[0] / errors[1])).toBeGreaterThan(order - 0.3);
    });
  }
});

describe("a dynamics that is defined by its field", () => {
  it.each(["euler", "rk4", "tsit5"] as const)("is integrated with the order of %s", async (method) => {
    const exact = await exactAt(2);
    const [coarse, fine] = await Promise.all(
      [STEPS[method], STEPS[method] / 2].map(async (step) =>
        distance(await statesAt(2, { dynamics: handMadeSa, method, step }), exact),
      ),
    );
    expect(Math.abs(Math.log2(coarse / fine) - METHODS[method].order)).toBeLessThan(0.2);
  });
});

describe("the embedded pairs", () => {
  for (const method of ["tsit5", "dop853"] as const) {
    it(`of ${method} have errors in proportion to the tolerance`, async () => {
      const exact = await exactAt(2.345);
      for (const rtol of [1e-5, 1e-7, 1e-9, 1e-11]) {
        const error = distance(await statesAt(2.345, { method, rtol, atol: rtol }), exact);
        // Each step's error is below 2 rtol a token; some ten steps and √80 tokens add up.
        expect(error).toBeLessThan(20 * rtol);
      }
    });

    it(`of ${method} give the same between steps as at the end of a run`, async () => {
      const inside = await statesAt(1.2345, { method });
      const ends = await statesAt(1.2345, { method, times: [1.2345] });
      expect(distance(inside, ends)).toBeLessThan(1e-8);
    });
  }
});
