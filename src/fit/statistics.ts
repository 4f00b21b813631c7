import { histogramCounts } from "../../probes/histogram.ts";

/** Thresholds whose mass is reported with every fit. */
export const MASS_THRESHOLDS = ["0.9", "0.99", "0.999"] as const;

/** Statistics of inner products, one value a layer, each the mean over texts. */
export interface CosineStatistics {
  readonly mean_cosine: readonly number[];
  readonly sd_cosine: readonly number[];
  readonly mass: Readonly<Record<string, readonly number[]>>;
  readonly histograms: readonly (readonly number[])[];
}

/** `products[text][layer]`: inner products of all pairs. Histograms are shares of the pairs on `edges`. */
export function cosineStatistics(
  products: readonly (readonly Float64Array[])[],
  edges: readonly number[],
): CosineStatistics {
  const layers = products[0].map((_, k) => k);
  const overTexts = (f: (values: Float64Array) => number): number[] =>
    layers.map((k) => products.reduce((sum, text) => sum + f(text[k]), 0) / products.length);
  return {
    mean_cosine: overTexts(mean),
    sd_cosine: overTexts(sd),
    mass: Object.fromEntries(MASS_THRESHOLDS.map((m) => [m, overTexts((values) => massAbove(values, Number(m)))])),
    histograms: layers.map((k) => meanHistogram(products.map((text) => text[k]), edges)),
  };
}

function meanHistogram(perText: readonly Float64Array[], edges: readonly number[]): number[] {
  const shares = new Array<number>(edges.length - 1).fill(0);
  for (const values of perText) {
    histogramCounts(values, edges).forEach((count, b) => {
      shares[b] += count / values.length / perText.length;
    });
  }
  return shares;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

function sd(values: Float64Array): number {
  const m = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - m) ** 2;
  return Math.sqrt(sum / values.length);
}

function massAbove(values: Float64Array, threshold: number): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > threshold) count++;
  return count / values.length;
}
