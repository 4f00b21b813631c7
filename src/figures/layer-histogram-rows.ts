import type { FitResult } from "../fit/fit-result.ts";
import type { Histograms } from "../run/histograms.ts";
import { chooseLayers, type LayerChoice } from "./parts/choose-layers.ts";
import { isotropicBins } from "./parts/isotropic-bins.ts";
import { mergeBins } from "./parts/merge-bins.ts";

/** Densities of inner products from `x` up to the next row's `x` in the same layer; `null` where a curve is not known. */
export interface LayerHistogramRow {
  readonly layer: number;
  /** Left edge of the bin, in [−1, 1]. */
  readonly x: number;
  readonly observed: number;
  readonly sa: number | null;
  readonly usa: number | null;
  readonly isotropic: number;
}

export interface LayerHistogramChoice extends LayerChoice {
  /** Draw at most this many bins over [−1, 1]; default 100. */
  readonly bins?: number;
}

/** The histograms of one source, layer by layer, as probabilities or counts. */
interface Source {
  readonly edges: readonly number[];
  readonly d: number;
  readonly layers: readonly number[];
  readonly observed: readonly (readonly number[])[];
  readonly sa: readonly (readonly number[])[] | null;
  readonly usa: readonly (readonly number[])[] | null;
}

/**
 * Rows of {@link layerHistograms} from a fit (observed and predicted) or from measured histograms alone
 * (mean over texts; a `final_norm` layer is left out).
 *
 * @throws TokensphereError (usage) when a layer is asked for that was not observed.
 */
export function layerHistogramsRows(
  from: FitResult | Histograms,
  choice: LayerHistogramChoice = {},
): readonly LayerHistogramRow[] {
  const source = from.format === "tokensphere/fit" ? sourceOfFit(from) : sourceOfCounts(from);
  const isotropic = isotropicBins(source.edges, source.d);
  return chooseLayers(source.layers, choice).flatMap((layer) =>
    rowsOfLayer(source, layer, isotropic, choice.bins ?? 100),
  );
}

function sourceOfFit(fit: FitResult): Source {
  const family = (name: string) => fit.families.find((one) => one.name === name)?.histograms ?? null;
  const { d, layers, histograms } = fit.observed;
  return { edges: fit.edges, d, layers, observed: histograms, sa: family("sa"), usa: family("usa") };
}

function sourceOfCounts(histograms: Histograms): Source {
  const first = histograms.texts[0];
  // Inner products that are no cosines have edges of their own in each layer: no common scale, no figure.
  const cosines = (first?.layers ?? []).filter((one) => one.edges === undefined);
  const layers = cosines.map((one) => one.layer).filter((layer) => typeof layer === "number");
  const observed = layers.map((layer) => meanOverTexts(histograms, layer));
  return { edges: histograms.edges, d: first?.d ?? 2, layers, observed, sa: null, usa: null };
}

/** Every text weighs the same, however many pairs it has. */
function meanOverTexts(histograms: Histograms, layer: number): readonly number[] {
  const mean = new Array<number>(histograms.edges.length - 1).fill(0);
  for (const text of histograms.texts) {
    const probabilities = normalised(text.layers.find((one) => one.layer === layer)?.counts ?? []);
    for (const [k, p] of probabilities.entries()) mean[k]! += p / histograms.texts.length;
  }
  return mean;
}

function rowsOfLayer(source: Source, layer: number, isotropic: readonly number[], bins: number): LayerHistogramRow[] {
  const at = source.layers.indexOf(layer);
  const present = [source.observed, source.sa, source.usa].map((curves) => curves?.[at] ?? null);
  const curves = [...present.map((curve) => normalised(curve ?? isotropic)), isotropic];
  const merged = mergeBins({ edges: source.edges, curves }, bins);
  const density = (curve: number, k: number) => heightAt(merged.curves[curve]!, merged.edges, k);
  const row = (k: number): LayerHistogramRow => ({
    layer,
    x: merged.edges[k]!,
    observed: density(0, k),
    sa: present[1] ? density(1, k) : null,
    usa: present[2] ? density(2, k) : null,
    isotropic: density(3, k),
  });
  return withoutRepeats(merged.edges.map((_, k) => row(k)));
}

/** Probability over width; 0 to the right of the last edge, which closes the outline. Five digits are ample for a drawing. */
function heightAt(curve: readonly number[], edges: readonly number[], k: number): number {
  const height = k < curve.length ? curve[k]! / (edges[k + 1]! - edges[k]!) : 0;
  return Number(height.toPrecision(5));
}

function normalised(curve: readonly number[]): readonly number[] {
  const total = curve.reduce((sum, value) => sum + value, 0);
  return total > 0 ? curve.map((value) => value / total) : curve;
}

/** Steps hold until the next row, so a row equal to the one before says nothing; the last one closes the outline. */
function withoutRepeats(rows: readonly LayerHistogramRow[]): LayerHistogramRow[] {
  return rows.filter((row, k) => k === 0 || k === rows.length - 1 || !sameHeights(row, rows[k - 1]!));
}

function sameHeights(a: LayerHistogramRow, b: LayerHistogramRow): boolean {
  return a.observed === b.observed && a.sa === b.sa && a.usa === b.usa && a.isotropic === b.isotropic;
}
