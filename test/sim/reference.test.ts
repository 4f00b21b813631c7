import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DynamicsName } from "../../sim/dynamics/dynamics-table.ts";
import type { DynamicsParams } from "../../sim/dynamics/params.ts";
import { simulate } from "../../sim/simulate/simulate.ts";

interface Case {
  readonly dynamics: DynamicsName;
  readonly n: number;
  readonly d: number;
  readonly beta: number;
  readonly params: DynamicsParams;
  readonly times: readonly number[];
  readonly states: readonly (readonly (readonly number[])[])[];
}

const { cases } = JSON.parse(readFileSync(new URL("../fixtures/sim/trajectories.json", import.meta.url), "utf8")) as {
  cases: readonly Case[];
};

/** The largest coordinate difference from the reference over all times. */
async function largestError(reference: Case, engine: "ts" | "ort"): Promise<number> {
  const { dynamics, n, d, beta, params, times, states } = reference;
  const x0 = Float64Array.from(states[0].flat());
  let worst = 0;
  const [result] = await simulate(
    { dynamics, n, d, params, times, systems: [{ beta, x0 }], engine, lift: true },
    {
      save: (_system, index, _t, cloud) => {
        const wanted = states[index].flat();
        for (let e = 0; e < wanted.length; e++) worst = Math.max(worst, Math.abs(cloud.x[e] - wanted[e]));
      },
    },
  );
  expect(result).toMatchObject({ outcome: "reached the end", saved: times.length });
  return worst;
}

describe("trajectories of the SciPy reference (DOP853, rtol 1e-12)", () => {
  for (const reference of cases) {
    for (const engine of ["ts", "ort"] as const) {
      const { dynamics, n, d, beta } = reference;
      it(`are met by ${dynamics}, n = ${n}, d = ${d}, β = ${beta}, on ${engine}`, async () => {
        const error = await largestError(reference, engine);
        // Measured: at most 4.2e-9 (usa, where tokens merge), else 1.5e-9, at the default tolerance of 1e-9 a step.
        expect(error).toBeLessThan(1e-8);
      });
    }
  }
});
