import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { viewLayerWith } from "../../probes/probe-layer.ts";
import { probePair } from "../../probes/probe-pair.ts";
import type { GramEngine } from "../../probes/products/gram-engine.ts";
import type { PairMetricRow } from "../run/pair-metrics.ts";
import type { MeasureOptions } from "./probe.ts";

/** Every two texts at the same layer, by the measures that need no tokens in common. All have the same layers. */
export async function textPairs(
  engine: GramEngine,
  batches: readonly HiddenStates[],
  { policy, pairMeasures = [] }: MeasureOptions,
): Promise<PairMetricRow[]> {
  const measures = pairMeasures.filter(({ anyTokens }) => anyTokens);
  const rows: PairMetricRow[] = [];
  for (const [k, { layer }] of batches[0].layers.entries()) {
    const views = [];
    for (const states of batches) {
      for (let row = 0; row < states.batch; row++) views.push(await viewLayerWith(engine, states, row, k, policy));
    }
    for (let text = 0; text < views.length; text++) {
      for (let other_text = text + 1; other_text < views.length; other_text++) {
        const where = `texts ${text} and ${other_text}, layer ${layer}`;
        const found = probePair(views[text], views[other_text], measures, where);
        rows.push(...found.map((one) => ({ text, layer, other: "texts", other_text, other_layer: layer, ...one })));
      }
    }
  }
  return rows;
}
