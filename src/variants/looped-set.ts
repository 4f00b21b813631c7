import { type VariantStatistic, variantStatistics } from "../figures/parts/variant-statistics.ts";
import { readingInWords } from "../presets/plan-variants.ts";
import type { Manifest } from "../run/manifest.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import type { RunData } from "../run/run-data.ts";
import { variantFile } from "../run/variant-files.ts";
import type { VariantSet } from "../run/variant-set.ts";

/** In file names, of the reading that goes on. */
export const LOOPED = "looped";

type Measured = Pick<RunData, "metrics" | "histograms">;

/**
 * A network as it is and the same with its one block applied more often, for figures and words. The first row has layers of
 * the network; the second goes on where the first ends, at layers along the way from there to the last.
 *
 * @param depth layers of the network, and how often the block is applied in the second reading.
 * @param trained whether the weights were trained.
 */
export function loopedSet(
  [own, looped]: readonly [Measured, Measured],
  { depth, trained, diagonal }: { readonly depth: number; readonly trained: boolean; readonly diagonal: boolean },
): VariantSet {
  const last = Math.max(...looped.histograms.texts.flatMap(({ layers }) => layers.map(({ layer }) => numberOf(layer))));
  const words = (layers: number) =>
    readingInWords(null, { heads: null, layers: depth }, { depth: layers, ...(trained ? {} : { randomInit: 0 }) });
  return {
    title: `Inner products of tokens: the network, and its shared block looped to layer ${last}`,
    contrast: `with their block applied ${depth} and ${last} times`,
    panels: evenly(0, depth),
    x: [-0.3, 1.05],
    diagonal,
    trainedDepth: trained ? depth : null,
    remarks: [],
    variants: [
      { name: "own", label: `${depth} layers`, words: words(depth), ...measuredOf(own) },
      {
        ...{ name: LOOPED, label: `${last} layers`, words: words(last), ...measuredOf(looped) },
        panels: alongTheWay(variantStatistics(looped, { diagonal }).filter(({ layer }) => layer >= depth)),
      },
    ],
  };
}

/** No more of what a reading was measured by: the set goes into the manifest, and the other tables of the first are the run's own. */
function measuredOf({ metrics, histograms }: Measured): Measured {
  return { metrics, histograms };
}

/** What the manifest says of it: enough to draw it again. */
export function loopedRecord({ variants, ...figure }: VariantSet): NonNullable<Manifest["looped"]> {
  return {
    figure,
    variants: variants.map(({ metrics: _, histograms: __, ...variant }, place) => ({
      ...variant,
      metrics: variantFile(RUN_FILES.metrics, place, variant.name),
      histograms: variantFile(RUN_FILES.histograms, place, variant.name),
    })),
  };
}

function numberOf(layer: number | string): number {
  return typeof layer === "number" ? layer : 0;
}

/** Shares of the way from the first mean cosine to the last at which a layer is drawn: still at rest, half way, nearly there. */
const WAY = [0.05, 0.5, 0.95];
/** A way shorter than this is none: then the layers are spread evenly. */
const SHORT = 0.02;

function alongTheWay(all: readonly VariantStatistic[]): readonly number[] {
  const [first, last] = [all[0]!, all.at(-1)!];
  const way = last.meanCosine.value - first.meanCosine.value;
  if (Math.abs(way) < SHORT) return evenly(first.layer, last.layer).slice(1);
  const nearest = (share: number) => {
    const off = all.map(({ meanCosine }) => Math.abs((meanCosine.value - first.meanCosine.value) / way - share));
    return all[off.indexOf(Math.min(...off))]!.layer;
  };
  return [...new Set([...WAY.map(nearest), last.layer])].sort((a, b) => a - b);
}

/** Four layers, fewer where there are no four. */
function evenly(from: number, to: number): readonly number[] {
  return [...new Set([0, 1, 2, 3].map((k) => Math.round(from + (k * (to - from)) / 3)))];
}
