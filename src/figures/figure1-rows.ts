import type { LayerHistogram } from "../run/histograms.ts";
import { panelsOf, type VariantRun, type VariantSet } from "../run/variant-set.ts";

/** Density from `x` up to the next row's `x` in the same panel. */
export interface Figure1Row {
  readonly variant: string;
  readonly layer: number;
  readonly x: number;
  readonly density: number;
}

/** A histogram that is to be drawn: increasing edges, probabilities that sum to 1. */
interface Steps {
  readonly edges: readonly number[];
  readonly p: readonly number[];
}

/** A panel has about this many pixels: narrower bins are joined, and a spike is drawn no narrower than one of them. */
const MOST_BINS = 180;

/**
 * Rows of {@link figure1}. A text's histogram keeps the bins it was counted in (each layer's own, by the rule of Freedman
 * and Diaconis). Of several texts the densities are averaged, on bins of their mean width; every text weighs the same.
 */
export function figure1Rows(set: VariantSet): readonly Figure1Row[] {
  const x = drawnLimits(set);
  return set.variants.flatMap((variant) =>
    panelsOf(variant, set).flatMap((layer) =>
      panelRows(averaged(stepsOf(variant, layer), x), x, { variant: variant.name, layer }),
    ),
  );
}

/** More than this share of a panel's values is not cut off. */
const MOST_OUTSIDE = 0.005;

/** The limits of the set, moved to the left in tenths where they would cut off more than half a percent of a panel. */
export function drawnLimits(set: VariantSet): readonly [number, number] {
  const [left, right] = set.x;
  const texts = set.variants.flatMap((variant) => panelsOf(variant, set).map((layer) => stepsOf(variant, layer)));
  const outside = (limit: number) =>
    Math.max(...texts.map((of) => of.reduce((sum, text) => sum + probabilityBelow(text, limit), 0) / of.length));
  let limit = left;
  while (limit > -1 && outside(limit) > MOST_OUTSIDE) limit = Math.max(-1, Math.round(10 * limit - 1) / 10);
  return [limit, right];
}

function stepsOf({ histograms }: VariantRun, layer: number): readonly Steps[] {
  return histograms.texts.flatMap(({ layers }) => {
    const found = layers.find((one) => one.layer === layer);
    return found ? [steps(found, histograms.edges)] : [];
  });
}

function steps({ counts, edges = [] }: LayerHistogram, shared: readonly number[]): Steps {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const own = edges.length > 0 ? edges : shared;
  return { edges: isPoint(own) ? pointEdges(own) : own, p: counts.map((count) => count / total) };
}

/** Values that all coincide are counted in one bin of width 1 around them. */
function isPoint(edges: readonly number[]): boolean {
  return edges.length === 2 && Math.abs(edges[1]! - edges[0]! - 1) < 1e-12;
}

function pointEdges([lo, hi]: readonly number[]): readonly number[] {
  const middle = (lo! + hi!) / 2;
  return [middle - 1e-9, middle];
}

/** Bins of a single text stay its own, unless they are narrower than a pixel. */
function averaged(texts: readonly Steps[], [left, right]: readonly [number, number]): Steps {
  const least = Math.max(
    texts.reduce((sum, { edges }) => sum + (edges.at(-1)! - edges[0]!) / (edges.length - 1), 0) / texts.length,
    (right - left) / MOST_BINS,
  );
  const hi = Math.max(...texts.map(({ edges }) => edges.at(-1)!));
  const lo = Math.min(...texts.map(({ edges }) => edges[0]!), hi - least);
  const bins = Math.floor((hi - lo) / least + 1e-9);
  const edges = Array.from({ length: bins + 1 }, (_, k) => hi - ((bins - k) * (hi - lo)) / bins);
  const below = edges.map((edge) => texts.reduce((sum, text) => sum + probabilityBelow(text, edge), 0) / texts.length);
  return { edges, p: below.slice(1).map((value, k) => value - below[k]!) };
}

/** Probability up to x, where it is spread evenly within each bin; the bins are of equal width. */
function probabilityBelow({ edges, p }: Steps, x: number): number {
  const [lo, hi] = [edges[0]!, edges.at(-1)!];
  if (x <= lo) return 0;
  if (x >= hi) return 1;
  const at = ((x - lo) / (hi - lo)) * p.length;
  const bin = Math.min(Math.floor(at), p.length - 1);
  const whole = p.slice(0, bin).reduce((sum, value) => sum + value, 0);
  return whole + (at - bin) * p[bin]!;
}

/** What lies within the limits; zero on both sides, which closes the outline. Five digits are ample for a drawing. */
function panelRows(
  { edges, p }: Steps,
  [left, right]: readonly [number, number],
  panel: Pick<Figure1Row, "variant" | "layer">,
): Figure1Row[] {
  const bins = p
    .map((value, k) => ({ from: edges[k]!, to: edges[k + 1]!, density: value / (edges[k + 1]! - edges[k]!) }))
    .filter(({ from, to }) => to > left && from < right);
  const row = (x: number, density: number): Figure1Row => ({
    ...panel,
    x: Number(x.toPrecision(6)),
    density: Number(density.toPrecision(5)),
  });
  const drawn = bins.map(({ from, density }) => row(Math.max(from, left), density));
  const end = Math.min(bins.at(-1)?.to ?? left, right);
  return [row(left, 0), ...drawn, row(end, 0), row(right, 0)];
}
