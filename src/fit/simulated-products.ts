import type { Cloud } from "../../probes/cloud.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import type { FitText } from "./fit-text.ts";

/**
 * Simulates a text from its first cloud and hands every asked time's cloud to `visit`, by position in `times` (any order, may
 * repeat; the same cloud then serves all). Times beyond what the integrator reached are never visited.
 */
export async function visitSimulated(
  text: FitText,
  dynamics: "sa" | "usa",
  beta: number,
  times: readonly number[],
  visit: (position: number, cloud: Cloud) => void,
  tolerance: number,
): Promise<void> {
  const sorted = Float64Array.from(new Set(times)).sort();
  const positions = new Map<number, number[]>();
  times.forEach((t, i) => {
    positions.set(t, [...(positions.get(t) ?? []), i]);
  });
  await simulate(
    {
      dynamics,
      n: text.n,
      d: text.d,
      systems: [{ beta, x0: Float64Array.from(text.clouds[0].x) }],
      times: sorted,
      rtol: tolerance,
      atol: tolerance,
    },
    {
      save(_system, _index, t, cloud) {
        for (const i of positions.get(t) ?? []) visit(i, cloud);
        return true;
      },
    },
  );
}
