import type { HiddenStates, MidStates } from "../../models/stream/hidden-states.ts";
import { type Cloud64, toCloud64 } from "../../probes/cloud.ts";
import { applyPolicyToSelection } from "../../probes/policy/apply-policy.ts";
import { normalizeCloud } from "../../probes/policy/normalize-cloud.ts";
import { onSphere, type Policy } from "../../probes/policy/policy.ts";
import { type Selection, selectTokens } from "../../probes/policy/select-tokens.ts";
import { tokenNorms } from "../../probes/products/norms.ts";
import { type KernelField, kernelField } from "../../probes/updates/kernel-field.ts";
import { gapMatrix, type LayerStep, layerStep, type ProductsAcross } from "../../probes/updates/layer-step.ts";
import { spanCoordinates } from "../../sim/clouds/span-coordinates.ts";
import type { FieldInput } from "./update-field.ts";

/** A step, or why there is none between two layers. */
export type TextStep = FieldInput | { readonly layer: number; readonly missing: string };

/**
 * The steps of one text from layer to layer, one after the other; the final norm is none. Tokens are chosen and centred as the
 * policy says, and brought to length 1 whatever it says: that is where the fields live.
 *
 * @throws what selecting tokens and applying the policy throw.
 */
export async function* textSteps(
  states: HiddenStates,
  row: number,
  policy: Policy,
  across: ProductsAcross,
): AsyncGenerator<TextStep> {
  const layers = states.layers
    .flatMap(({ layer }, index) => (typeof layer === "number" ? [{ layer, index }] : []))
    .sort((a, b) => a.layer - b.layer);
  const gaps = new Map<Cloud64, Promise<Float64Array>>();
  const gapsOf = (cloud: Cloud64) => kept(gaps, cloud, () => gapMatrix(cloud, across));
  let left: { readonly cloud: Cloud64 | null; readonly layer: number } | null = null;
  for (const { layer, index } of layers) {
    const selection = selectTokens(states, row, index, policy);
    const cloud = unitTokens(selection, policy);
    if (left && !(left.cloud && cloud)) yield { layer: left.layer, missing: "a token of length 0 has no direction" };
    if (left?.cloud && cloud) {
      const step = await layerStep(left.cloud, cloud, across, gapsOf);
      const from = { layer: left.layer, next: layer, states, row, positions: selection.indices };
      const tokensOf = (mid: MidStates) =>
        unitTokens(selectTokens({ ...states, layers: [mid] }, row, 0, policy), policy);
      yield { step, ...from, tokensOf, across, ...shared(step, across) };
      gaps.delete(left.cloud);
    }
    left = { cloud, layer };
  }
}

/** What several fields need of a step is computed when the first asks for it. */
function shared(step: LayerStep, across: ProductsAcross): Pick<FieldInput, "kernel" | "spanned"> {
  const kernels = new Map<number, Promise<KernelField>>();
  const spans = new Map<LayerStep, Promise<LayerStep>>();
  return {
    kernel: (beta) => kept(kernels, beta, () => kernelField(step, beta, across)),
    spanned: () => kept(spans, step, () => spannedStep(step, across)),
  };
}

function kept<Key, Value>(found: Map<Key, Value>, key: Key, make: () => Value): Value {
  const there = found.get(key) ?? make();
  found.set(key, there);
  return there;
}

/** The step in coordinates of the span of x. What u has outside of it meets no velocity there. */
async function spannedStep(step: LayerStep, across: ProductsAcross): Promise<LayerStep> {
  const { n, d, x, u } = step;
  const { k, y, basis } = spanCoordinates(x.x, n, d);
  if (basis === null) return step;
  const within = u && (await across({ n, d, x: u }, { n: k, d, x: basis }));
  return { ...step, d: k, x: { n, d: k, x: y }, u: within };
}

/** `null` where a token has no direction and the policy minds none, so that all else of the text can be measured. */
function unitTokens(selection: Selection, policy: Policy): Cloud64 | null {
  const { row, layer, indices } = selection;
  if (policy.normalize === "none" && tokenNorms(applyPolicyToSelection(selection, policy)).includes(0)) return null;
  const name = (i: number) => `text ${row}, layer ${layer}, token ${indices[i]}`;
  if (policy.normalize !== "layernorm") return applyPolicyToSelection(selection, onSphere(policy));
  return toCloud64(normalizeCloud(applyPolicyToSelection(selection, policy), "l2", name));
}
