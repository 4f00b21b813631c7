import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { ProbeOptions } from "../../probes/probe-cloud.ts";
import { type LayerProbe, probeLayerWith } from "../../probes/probe-layer.ts";
import { type GramEngine, openGramEngine } from "../../probes/products/gram-engine.ts";
import type { Histograms, TextHistograms } from "../run/histograms.ts";
import type { MetricRow } from "../run/metrics.ts";

/** What was measured of some texts. */
export interface ProbedTexts {
  readonly metrics: readonly MetricRow[];
  readonly texts: readonly TextHistograms[];
  /** False where nothing said which tokens are special. */
  readonly specialKnown: boolean;
}

/** Measures every row of a batch after every layer; the rows are texts numbered from `firstText` on. */
export async function probeStates(
  engine: GramEngine,
  states: HiddenStates,
  firstText: number,
  options: Omit<ProbeOptions, "raw" | "pairs">,
  progress: (fraction: number) => void = () => {},
): Promise<ProbedTexts> {
  const metrics: MetricRow[] = [];
  const texts: TextHistograms[] = [];
  for (let row = 0; row < states.batch; row++) {
    const probes: LayerProbe[] = [];
    for (let k = 0; k < states.layers.length; k++) {
      probes.push(await probeLayerWith(engine, states, row, k, options));
      progress((row + (k + 1) / states.layers.length) / states.batch);
    }
    metrics.push(...probes.flatMap((probe) => metricRows(probe, firstText + row)));
    texts.push(textHistograms(probes, firstText + row));
  }
  return { metrics, texts, specialKnown: states.special !== null };
}

/** Measures batch after batch; texts are numbered through. */
export async function probeBatches(
  batches: readonly HiddenStates[],
  options: Omit<ProbeOptions, "raw" | "pairs">,
  progress: (fraction: number) => void = () => {},
): Promise<ProbedTexts> {
  const probed: ProbedTexts[] = [];
  let texts = 0;
  await withGramEngine(async (engine) => {
    for (const [i, states] of batches.entries()) {
      probed.push(await probeStates(engine, states, texts, options, (f) => progress((i + f) / batches.length)));
      texts += states.batch;
    }
  });
  return joinProbed(probed);
}

/** Lends an engine for Gram matrices to some work and closes it. */
export async function withGramEngine<T>(work: (engine: GramEngine) => Promise<T>): Promise<T> {
  const engine = await openGramEngine();
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** One after the other. */
export function joinProbed(probed: readonly ProbedTexts[]): ProbedTexts {
  return {
    metrics: probed.flatMap((p) => p.metrics),
    texts: probed.flatMap((p) => p.texts),
    specialKnown: probed.every((p) => p.specialKnown),
  };
}

/** Puts the texts of all batches together. Edges are those of the first histogram; layers with others carry their own. */
export function histogramsOf(texts: readonly TextHistograms[], edges: readonly number[]): Histograms {
  return { format: "tokensphere/histograms", version: 1, edges, texts };
}

function metricRows(probe: LayerProbe, text: number): MetricRow[] {
  const { layer, n, d } = probe;
  return probe.measures.map(({ measure, value, lo, hi, floor }) => ({
    text,
    layer,
    measure,
    value,
    lo,
    hi,
    floor,
    n,
    d,
  }));
}

function textHistograms(probes: readonly LayerProbe[], text: number): TextHistograms {
  const layers = probes.map(({ layer, histogram }) => ({
    layer,
    counts: histogram.counts,
    ...(histogram.rule === "fixed" ? {} : { edges: histogram.edges }),
  }));
  return { text, n: probes[0].n, d: probes[0].d, layers };
}
