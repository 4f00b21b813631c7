import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { Cloud } from "../../probes/cloud.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import { observedOrNull } from "./observed.ts";

/**
 * The tokens between every two of these layers, after attention and before the MLP (`resid_mid`), as the policy says, on the sphere. `null`
 * where the stream was not measured there between all of them: a page has every half-step or none.
 */
export function halfStepsOf(
  { residMid, ...states }: HiddenStates,
  row: number,
  layers: readonly number[],
  policy: Policy,
): readonly Cloud[] | null {
  const between = layers.slice(0, -1);
  const known = new Set(residMid?.map(({ layer }) => layer));
  const everywhere = between.every((layer, k) => layers[k + 1] === layer + 1 && known.has(layer));
  if (!residMid || between.length === 0 || !everywhere) return null;
  return observedOrNull({ ...states, layers: residMid }, row, between, policy)?.clouds ?? null;
}
