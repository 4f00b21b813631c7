import { isotropicCdf } from "../../../probes/numerics/isotropic-law.ts";
import type { ComparedFit } from "../../comparison/comparison.ts";
import { withoutFrozen } from "../../laws/families.ts";
import type { Histograms } from "../../run/histograms.ts";
import { chooseLayers, type LayerChoice } from "./choose-layers.ts";
import { mergeBins } from "./merge-bins.ts";

/** Density of inner products from `x` up to the next row's `x` of the same layer and curve. */
export interface LayerHistogramRow {
  readonly layer: number;
  /** `observed`, the name of a family, or `isotropic`. */
  readonly series: string;
  /** Left edge of the bin, in [−1, 1]. */
  readonly x: number;
  readonly density: number;
}

export interface LayerHistogramChoice extends LayerChoice {
  /** Draw at most this many bins over [−1, 1]; default 100. */
  readonly bins?: number;
}

/** The histograms of one source, curve by curve and layer by layer, as probabilities or counts. */
interface Source {
  readonly edges: readonly number[];
  readonly d: number;
  readonly layers: readonly number[];
  readonly curves: readonly SourceCurve[];
}

interface SourceCurve {
  readonly series: string;
  readonly histograms: readonly (readonly number[])[];
}

/**
 * Rows of {@link layerHistograms} from a fit (observed and predicted) or from measured histograms alone
 * (mean over texts; a `final_norm` layer is left out), layer by layer, in each curve by curve, the isotropic law last.
 *
 * @throws TokensphereError `usage` where a layer is asked for that was not observed.
 */
export function layerHistogramsRows(
  from: ComparedFit | Histograms,
  choice: LayerHistogramChoice = {},
): readonly LayerHistogramRow[] {
  const source = sourceOf(from);
  const isotropic = isotropicBins(source.edges, source.d);
  return chooseLayers(source.layers, choice).flatMap((layer) =>
    rowsOfLayer(source, layer, isotropic, choice.bins ?? 100),
  );
}

/** How many layers there are to choose from. */
export function layerCount(from: ComparedFit | Histograms): number {
  return sourceOf(from).layers.length;
}

function sourceOf(from: ComparedFit | Histograms): Source {
  return from.format === "tokensphere/fit" ? sourceOfFit(from) : sourceOfCounts(from);
}

function sourceOfFit({ edges, observed, families }: ComparedFit): Source {
  const curves = [
    { series: "observed", histograms: observed.histograms },
    ...withoutFrozen(families).map(({ name, histograms }) => ({ series: name, histograms })),
  ];
  return { edges, d: observed.d, layers: observed.layers, curves };
}

function sourceOfCounts(histograms: Histograms): Source {
  const first = histograms.texts[0];
  // Inner products that are no cosines have edges of their own in each layer: no common scale, no figure.
  const cosines = (first?.layers ?? []).filter((one) => one.edges === undefined);
  const layers = cosines.map((one) => one.layer).filter((layer) => typeof layer === "number");
  const observed = { series: "observed", histograms: layers.map((layer) => meanOverTexts(histograms, layer)) };
  return { edges: histograms.edges, d: first?.d ?? 2, layers, curves: [observed] };
}

/** Every text weighs the same, however many pairs it has. */
function meanOverTexts(histograms: Histograms, layer: number): readonly number[] {
  const mean = new Array<number>(histograms.edges.length - 1).fill(0);
  for (const text of histograms.texts) {
    const probabilities = normalized(text.layers.find((one) => one.layer === layer)?.counts ?? []);
    for (const [k, p] of probabilities.entries()) mean[k]! += p / histograms.texts.length;
  }
  return mean;
}

function rowsOfLayer(source: Source, layer: number, isotropic: readonly number[], bins: number): LayerHistogramRow[] {
  const at = source.layers.indexOf(layer);
  const curves = [...source.curves.map(({ histograms }) => normalized(histograms[at]!)), isotropic];
  const names = [...source.curves.map(({ series }) => series), "isotropic"];
  const merged = mergeBins({ edges: source.edges, curves }, bins);
  const heights = merged.curves.map((curve) => merged.edges.map((_, k) => heightAt(curve, merged.edges, k)));
  const kept = corners(heights);
  return names.flatMap((series, c) =>
    kept.map((k) => ({ layer, series, x: merged.edges[k]!, density: heights[c]![k]! })),
  );
}

/** Probability over width; 0 to the right of the last edge, which closes the outline. Five digits are ample for a drawing. */
function heightAt(curve: readonly number[], edges: readonly number[], k: number): number {
  const height = k < curve.length ? curve[k]! / (edges[k + 1]! - edges[k]!) : 0;
  return Number(height.toPrecision(5));
}

function normalized(curve: readonly number[]): readonly number[] {
  const total = curve.reduce((sum, value) => sum + value, 0);
  return total > 0 ? curve.map((value) => value / total) : curve;
}

/** Edges at which any curve steps: a step holds until the next row, so that others say nothing; the last closes the outlines. */
function corners(heights: readonly (readonly number[])[]): readonly number[] {
  const edges = heights[0]!.map((_, k) => k);
  return edges.filter((k) => k === 0 || k === edges.length - 1 || heights.some((curve) => curve[k] !== curve[k - 1]));
}

/**
 * Probability that the inner product of two independent uniform points on the sphere S^(d−1) falls in each bin.
 *
 * @param edges `bins + 1` increasing numbers within [−1, 1]
 * @param d width, at least 1
 * @returns one probability a bin; they sum to 1 when the edges cover [−1, 1]
 */
export function isotropicBins(edges: readonly number[], d: number): readonly number[] {
  const below = edges.map((edge) => isotropicCdf(edge, d));
  return below.slice(1).map((right, k) => right - below[k]!);
}
