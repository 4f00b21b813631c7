import { TokensphereError } from "../../models/errors.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { normMeasures } from "../../probes/measures/norm-measures.ts";
import { type LayerProbe, probeLayerWith } from "../../probes/probe-layer.ts";
import { least, type Means, mean, meanIfKnown, most } from "../over-texts/running-means.ts";
import type { TextHistograms } from "../run/histograms.ts";
import type { MetricRow } from "../run/metrics.ts";
import type { OneText, Probe } from "./probe.ts";

/** One row a layer and measure: mean over texts, with their range as bounds. */
const means: Means<MetricRow> = {
  key: ({ layer, measure }) => `${layer} ${measure}`,
  columns: {
    value: mean((row) => row.value),
    lo: least((row) => row.value),
    hi: most((row) => row.value),
    floor: meanIfKnown((row) => row.floor),
  },
};

/** The tokens after every layer. */
export const layersProbe: Probe<MetricRow> = {
  asked: ({ layers = true }) => layers,
  async measure(one) {
    const probes = await probeLayers(one);
    return { rows: probes.flatMap((probe) => metricRows(probe, one.text)), histograms: histogramsOf(probes, one.text) };
  },
  means,
};

/** The tokens between attention and MLP of every block. */
export const residMidProbe: Probe<MetricRow> = {
  asked: ({ residMid }) => residMid ?? false,
  async measure(one) {
    const probes = await probeLayers({ ...one, states: middleStates(one.states), progress: () => {} });
    return { rows: probes.flatMap((probe) => metricRows(probe, one.text)) };
  },
  means,
};

/** The states between attention and MLP in the place of the layers, to be measured like them. */
export function middleStates(states: HiddenStates): HiddenStates {
  return { ...states, layers: states.residMid ?? [] };
}

async function probeLayers({ engine, states, row, options, progress }: OneText): Promise<LayerProbe[]> {
  const probes: LayerProbe[] = [];
  for (let k = 0; k < states.layers.length; k++) {
    const probe = await probeLayerWith(engine, states, row, k, options);
    const beside = options.centered ? await centredMeasures({ engine, states, row, options }, k) : [];
    probes.push(beside.length > 0 ? { ...probe, measures: [...probe.measures, ...beside] } : probe);
    progress((k + 1) / states.layers.length);
  }
  return probes;
}

/**
 * The measures of the tokens less their mean, beside those of the tokens as they are; none where these are centred already, and where
 * a token is the mean, which has no direction.
 */
async function centredMeasures(
  { engine, states, row, options }: Pick<OneText, "engine" | "states" | "row" | "options">,
  k: number,
): Promise<LayerProbe["measures"]> {
  if (options.policy.center !== "none" || options.policy.normalize === "standardize") return [];
  const policy = { ...options.policy, center: "mean" } as const;
  try {
    const { measures } = await probeLayerWith(engine, states, row, k, { ...options, policy });
    // Norms are of the tokens before anything is subtracted: they are there already.
    return measures
      .filter(({ measure }) => !normMeasures.owns(measure))
      .map((one) => ({ ...one, measure: `centered_${one.measure}` }));
  } catch (error) {
    if (error instanceof TokensphereError && error.kind === "input") return [];
    throw error;
  }
}

function metricRows({ layer, n, d, measures }: LayerProbe, text: number): MetricRow[] {
  return measures.map(({ measure, value, lo, hi, floor }) => ({ text, layer, measure, value, lo, hi, floor, n, d }));
}

function histogramsOf(probes: readonly LayerProbe[], text: number): TextHistograms {
  const layers = probes.map(({ layer, histogram }) => ({
    layer,
    counts: histogram.counts,
    ...(histogram.rule === "fixed" ? {} : { edges: histogram.edges }),
  }));
  return { text, n: probes[0].n, d: probes[0].d, layers };
}
