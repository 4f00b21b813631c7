import type { HiddenStates, LayerLabel } from "../models/stream/hidden-states.ts";
import type { Cloud64 } from "./cloud64.ts";
import { applyPolicyToSelection } from "./policy/apply-policy.ts";
import { defaultPolicy, type Policy } from "./policy/policy.ts";
import { type PolicyRecord, policyRecord } from "./policy/policy-record.ts";
import { type Selection, selectTokens } from "./policy/select-tokens.ts";
import { type CloudProbe, type ProbeOptions, probeCloud, wants } from "./probe-cloud.ts";
import type { GramEngine } from "./products/gram-engine.ts";
import { packGram, transpose } from "./products/gram-matrix.ts";
import { clampToUnit } from "./products/inner-products.ts";

/** What was measured of one text after one layer, and how. */
export interface LayerProbe extends CloudProbe {
  readonly text: number;
  readonly layer: LayerLabel;
  /** Positions counted. */
  readonly indices: readonly number[];
  readonly policy: PolicyRecord;
}

/** `raw`, `pairs` and `coordinates` come from the states. */
export type LayerOptions = Omit<ProbeOptions, "raw" | "pairs" | "coordinates">;

/**
 * Selects the tokens of text `row` after layer `states.layers[layerIndex]`, applies the policy and measures the cloud.
 * Throws what `selectTokens`, `applyPolicy` and `probeCloud` throw.
 */
export function probeLayer(
  states: HiddenStates,
  row: number,
  layerIndex: number,
  options: LayerOptions = {},
): LayerProbe {
  const { policy = defaultPolicy } = options;
  const selection = selectTokens(states, row, layerIndex, policy);
  const cloud = applyPolicyToSelection(selection, policy);
  return describe(selection, policy, probeCloud(cloud, { ...options, raw: selection.cloud }));
}

/** `probeLayer` with the Gram matrices computed by an engine: the same numbers to a few ε, sooner. */
export async function probeLayerWith(
  engine: GramEngine,
  states: HiddenStates,
  row: number,
  layerIndex: number,
  options: LayerOptions = {},
): Promise<LayerProbe> {
  const { policy = defaultPolicy } = options;
  const selection = selectTokens(states, row, layerIndex, policy);
  const cloud = applyPolicyToSelection(selection, policy);
  const products = await gramProducts(engine, cloud, options);
  return describe(selection, policy, probeCloud(cloud, { ...options, ...products, raw: selection.cloud }));
}

async function gramProducts(engine: GramEngine, cloud: Cloud64, options: LayerOptions) {
  const pairs = packGram(await engine.gram(cloud), cloud.n);
  const { policy = defaultPolicy } = options;
  const clamped = policy.normalize === "l2" ? clampToUnit(pairs) : pairs;
  if (cloud.n <= cloud.d || !wants(options, "spectrum")) return { pairs: clamped };
  return { pairs: clamped, coordinates: await engine.gram(transpose(cloud)) };
}

function describe(selection: Selection, policy: Policy, probe: CloudProbe): LayerProbe {
  const { row, layer, indices, specialKnown } = selection;
  return { text: row, layer, indices, policy: policyRecord(policy, specialKnown), ...probe };
}
