import type { HiddenStates, LayerLabel } from "../models/stream/hidden-states.ts";
import type { Cloud64 } from "./cloud.ts";
import { type CloudView, viewCloud } from "./measures/cloud-view.ts";
import { MEASURES } from "./measures/measures.ts";
import { applyPolicyToSelection } from "./policy/apply-policy.ts";
import { defaultPolicy, isUnit, type Policy } from "./policy/policy.ts";
import { type PolicyRecord, policyRecord } from "./policy/policy-record.ts";
import { type Selection, selectTokens } from "./policy/select-tokens.ts";
import { type CloudProbe, type ProbeOptions, probeCloud } from "./probe-cloud.ts";
import { type GramEngine, gramPairs } from "./products/gram-engine.ts";
import { transpose } from "./products/gram-matrix.ts";

/** What was measured of one text after one layer, and how. */
export interface LayerProbe extends CloudProbe {
  readonly text: number;
  readonly layer: LayerLabel;
  /** Positions counted. */
  readonly indices: readonly number[];
  readonly policy: PolicyRecord;
}

/** `raw`, `pairs`, `coordinates` and `where` come from the states. */
export type LayerOptions = Omit<ProbeOptions, "raw" | "pairs" | "coordinates" | "where">;

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
  return measured(selection, applyPolicyToSelection(selection, policy), options, {});
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
  return measured(selection, cloud, options, await gramProducts(engine, cloud, options));
}

/** The cloud of a text after a layer, ready to be compared with others by `probePair`. Throws what `probeLayer` throws. */
export async function viewLayerWith(
  engine: Pick<GramEngine, "across">,
  states: HiddenStates,
  row: number,
  layerIndex: number,
  policy: Policy = defaultPolicy,
): Promise<CloudView> {
  const selection = selectTokens(states, row, layerIndex, policy);
  const cloud = applyPolicyToSelection(selection, policy);
  const pairs = await gramPairs(engine, cloud, isUnit(policy.normalize));
  return viewCloud(cloud, { policy: { ...policy, pairs: "within" }, pairs, where: whereOf(selection) });
}

type Products = Pick<ProbeOptions, "pairs" | "coordinates">;

async function gramProducts(engine: GramEngine, cloud: Cloud64, options: LayerOptions): Promise<Products> {
  const { policy = defaultPolicy, measures = MEASURES } = options;
  const pairs = await gramPairs(engine, cloud, isUnit(policy.normalize));
  if (cloud.n <= cloud.d || !measures.some(({ usesSpectrum }) => usesSpectrum)) return { pairs };
  return { pairs, coordinates: await engine.gram(transpose(cloud)) };
}

function measured(selection: Selection, cloud: Cloud64, options: LayerOptions, products: Products): LayerProbe {
  const { row, layer, indices, specialKnown } = selection;
  const { policy = defaultPolicy } = options;
  const from = { raw: selection.cloud, where: whereOf(selection) };
  const probe = probeCloud(cloud, { ...options, ...products, ...from });
  return { text: row, layer, indices, policy: policyRecord(policy, specialKnown), ...probe };
}

function whereOf({ row, layer }: Selection): string {
  return `text ${row}, layer ${layer}`;
}
