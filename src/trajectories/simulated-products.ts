import { TokensphereError } from "../../models/errors.ts";
import type { Cloud } from "../../probes/cloud.ts";
import type { SystemResult } from "../../sim/integrators/system-result.ts";
import type { MovingFamily } from "../laws/families.ts";
import type { FitText } from "./fit-text.ts";
import { simulateFamily } from "./simulate-family.ts";

export interface VisitOptions {
  readonly tolerance: number;
  /** Hand clouds over in the coordinates of the text: inner products are the same without. Default false. */
  readonly lift?: boolean;
  /** Let a simulation end before the last time: its result says so, and later times are not visited. Default false. */
  readonly partial?: boolean;
}

/**
 * Simulates a text from its first cloud and hands every asked time's cloud to `visit`, by position in `times` (any order, may
 * repeat; the same cloud then serves all).
 *
 * @returns what integrating came to.
 * @throws TokensphereError `input` where the last time was not reached, unless `partial`.
 */
export async function visitSimulated(
  text: FitText,
  family: MovingFamily,
  beta: number,
  times: readonly number[],
  visit: (position: number, cloud: Cloud) => void,
  { tolerance, lift = false, partial = false }: VisitOptions,
): Promise<SystemResult> {
  const sorted = Float64Array.from(new Set(times)).sort();
  const positions = new Map<number, number[]>();
  times.forEach((t, i) => {
    positions.set(t, [...(positions.get(t) ?? []), i]);
  });
  const [result] = await simulateFamily(
    family,
    text,
    [beta],
    { times: sorted, rtol: tolerance, atol: tolerance, lift },
    {
      save(_system, _index, t, cloud) {
        for (const i of positions.get(t) ?? []) visit(i, cloud);
        return true;
      },
    },
  );
  if (!partial && result.outcome !== "reached the end") {
    const what = `${family.label} at β = ${beta}: ${result.outcome} at time ${result.time} of ${sorted[sorted.length - 1]}`;
    throw new TokensphereError("input", `${what}. ${result.message}`);
  }
  return result;
}
