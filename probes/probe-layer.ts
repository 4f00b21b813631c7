import type { HiddenStates, LayerLabel } from "../models/hidden-states.ts";
import { applyPolicyToSelection } from "./apply-policy.ts";
import { defaultPolicy } from "./policy.ts";
import { type PolicyRecord, policyRecord } from "./policy-record.ts";
import { type CloudProbe, type ProbeOptions, probeCloud } from "./probe-cloud.ts";
import { selectTokens } from "./select-tokens.ts";

/** What was measured of one text after one layer, and how. */
export interface LayerProbe extends CloudProbe {
  readonly text: number;
  readonly layer: LayerLabel;
  /** Positions counted. */
  readonly indices: readonly number[];
  readonly policy: PolicyRecord;
}

/**
 * Selects the tokens of text `row` after layer `states.layers[layerIndex]`, applies the policy and measures the cloud.
 * Throws what `selectTokens`, `applyPolicy` and `probeCloud` throw.
 */
export function probeLayer(
  states: HiddenStates,
  row: number,
  layerIndex: number,
  options: Omit<ProbeOptions, "raw" | "pairs"> = {},
): LayerProbe {
  const { policy = defaultPolicy } = options;
  const selection = selectTokens(states, row, layerIndex, policy);
  const cloud = applyPolicyToSelection(selection, policy);
  return {
    text: row,
    layer: selection.layer,
    indices: selection.indices,
    policy: policyRecord(policy, selection.specialKnown),
    ...probeCloud(cloud, { ...options, raw: selection.cloud }),
  };
}
