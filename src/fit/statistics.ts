import { defaultMasses } from "../../probes/floors/measure-defaults.ts";
import { countInto } from "../../probes/products/histogram.ts";
import { massAbove } from "../../probes/products/mass-above.ts";
import { moments } from "../../probes/products/moments.ts";

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
    mean_cosine: overTexts((values) => moments(values).mean),
    sd_cosine: overTexts((values) => moments(values).sd),
    mass: Object.fromEntries(defaultMasses.map((m) => [m, overTexts((values) => massAbove(values, m))])),
    histograms: layers.map((k) =>
      meanHistogram(
        products.map((text) => text[k]),
        edges,
      ),
    ),
  };
}

function meanHistogram(perText: readonly Float64Array[], edges: readonly number[]): number[] {
  const shares = new Array<number>(edges.length - 1).fill(0);
  for (const values of perText) {
    const counts = new Uint32Array(edges.length - 1);
    countInto(values, Float64Array.from(edges), counts);
    counts.forEach((count, b) => {
      shares[b] += count / values.length / perText.length;
    });
  }
  return shares;
}
