import { viewLayerWith } from "../../probes/probe-layer.ts";
import { probePair } from "../../probes/probe-pair.ts";
import { mean } from "../over-texts/running-means.ts";
import type { PairMetricRow } from "../run/pair-metrics.ts";
import type { Probe } from "./probe.ts";

/** Every layer beside every later one of the same text: all of a text's layers are held at once. Mean over texts. */
export const layerPairsProbe: Probe<PairMetricRow> = {
  asked: ({ pairMeasures = [] }) => pairMeasures.length > 0,
  async measure({ engine, states, row, text, options: { policy, pairMeasures = [] } }) {
    const layers = states.layers.map(({ layer }) => layer);
    const views = [];
    for (const k of layers.keys()) views.push(await viewLayerWith(engine, states, row, k, policy));
    const rows: PairMetricRow[] = [];
    for (const [i, layer] of layers.entries()) {
      for (const [j, other_layer] of layers.entries()) {
        if (j <= i) continue;
        const found = probePair(views[i], views[j], pairMeasures, `text ${row}, layers ${layer} and ${other_layer}`);
        rows.push(...found.map((one) => ({ text, layer, other: "layers", other_text: text, other_layer, ...one })));
      }
    }
    return { rows };
  },
  means: {
    key: ({ layer, other, other_layer, measure }) => `${layer} ${other} ${other_layer} ${measure}`,
    columns: { value: mean((row) => row.value) },
  },
};
