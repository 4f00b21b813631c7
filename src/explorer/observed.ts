import { TokensphereError } from "../../models/errors.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import { observeText } from "../fit/observe.ts";
import type { FitText } from "../trajectories/fit-text.ts";

/** A text that cannot be brought to the sphere is not shown there; what else is wrong with it is told by what measures it. */
export function observedOrNull(
  states: HiddenStates,
  row: number,
  layers: readonly number[],
  policy: Policy,
): FitText | null {
  try {
    return observeText(states, row, layers, policy);
  } catch (error) {
    if (error instanceof TokensphereError) return null;
    throw error;
  }
}
